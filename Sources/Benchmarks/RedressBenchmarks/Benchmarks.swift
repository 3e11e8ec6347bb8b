/// The benchmarks' entry: the first argument names one, the others are its own.
import Foundation

@main
enum Benchmarks {
    static func main() async throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        switch arguments.first {
        case "statistics": try await StatisticsBenchmark(arguments: Array(arguments.dropFirst())).run()
        default:
            print("Usage: RedressBenchmarks statistics [--folder DIR] [--cases N] [--python PATH]")
            exit(2)
        }
    }
}
