// The 284 real vaccination centres: read from the data file, drawn, and compared by distance.
import RedressCore

/// One vaccination centre.
struct Centre {
    let site: String
    let name: String
    let municipality: String
    let latitude: Double
    let longitude: Double
}

/// All centres, in the order of the data file.
struct Centres {
    let all: [Centre]
    /// The data file as it is: the sites register of every simulated incident.
    let csv: [UInt8]
    private let weights: [Double]

    init() throws {
        csv = PackageResources.vaccination_centres_csv
        let text = String(decoding: csv, as: UTF8.self)
        let rows = text.split(whereSeparator: \.isNewline).dropFirst()
        all = try rows.map { row in
            let fields = row.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            guard fields.count == 6, let latitude = Double(fields[4]), let longitude = Double(fields[5])
            else {
                throw RedressError(
                    .fault, "The built-in list of centres has a row that cannot be read: \(row)")
            }
            return Centre(
                site: fields[0], name: fields[1], municipality: fields[3],
                latitude: latitude, longitude: longitude)
        }
        // The capital region holds about half of the people and a smaller share of the centres.
        weights = rows.map { row in row.contains(",서울") || row.contains(",경기") || row.contains(",인천") ? 2 : 1
        }
    }

    func draw(_ dice: inout Dice) -> Int { dice.weighted(weights) }

    /// The nearest other centre, by distance on a plane (good enough to rank within a country).
    func nearest(to index: Int) -> Int {
        let here = all[index]
        func squaredDistance(_ other: Centre) -> Double {
            let north = other.latitude - here.latitude
            // A degree of longitude at 36° north is about 0.81 of a degree of latitude.
            let east = (other.longitude - here.longitude) * 0.81
            return north * north + east * east
        }
        let others = all.indices.filter { $0 != index }
        return others.min { squaredDistance(all[$0]) < squaredDistance(all[$1]) } ?? index
    }
}
