/// The benchmarks' entry: the first argument names one, the others are its own.
import Foundation

@main
enum Benchmarks {
    static func main() async throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        switch arguments.first {
        case "statistics": try await StatisticsBenchmark(arguments: Array(arguments.dropFirst())).run()
        case "capacity": try await CapacityBenchmark(arguments: Array(arguments.dropFirst())).run()
        case "capacity-growth": try await CapacityGrowth(arguments: Array(arguments.dropFirst())).run()
        case "capacity-race": try await CapacityRace(arguments: Array(arguments.dropFirst())).run()
        case "lookup": try await LookupBenchmark(arguments: Array(arguments.dropFirst())).run()
        case "pages": try await PagesBenchmark(arguments: Array(arguments.dropFirst())).run()
        case "ingest": try await IngestBenchmark(arguments: Array(arguments.dropFirst())).run()
        case "notices": try await NoticeBenchmark(arguments: Array(arguments.dropFirst())).run()
        case "verdicts": try await VerdictsBenchmark(arguments: Array(arguments.dropFirst())).run()
        default:
            print(
                """
                Usage: RedressBenchmarks statistics | lookup | pages | capacity | capacity-growth | capacity-race | \
                ingest | verdicts | notices [--folder DIR] …
                """
            )
            exit(2)
        }
    }
}
