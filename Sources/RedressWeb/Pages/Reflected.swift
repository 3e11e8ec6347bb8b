/// What templates read of a model: each value is looked into once, however often its fields are asked for.
import Mustache

/// A value of a page's model with its fields by name. Without it every name in a template reflects every value around
/// it anew, which took half the time of a page.
struct Reflected: MustacheParent {
    private let fields: [String: Any]

    /// Looks into a model and all that it holds.
    init(_ model: Any) { self.init(Mirror(reflecting: model)) }

    private init(_ mirror: Mirror) {
        var fields: [String: Any] = [:]
        for case (let label?, let value) in mirror.children { fields[label] = Self.seen(value) }
        self.fields = fields
    }

    func child(named name: String) -> Any? { fields[name] }

    /// A value as templates see it; nil where an optional holds nothing.
    private static func seen(_ value: Any) -> Any? {
        switch value {
        case let text as String: return text
        case let flag as Bool: return flag
        case let number as Int: return number
        case let words as [String: String]: return words
        default:
            let mirror = Mirror(reflecting: value)
            switch mirror.displayStyle {
            case .optional: return mirror.children.first.flatMap { seen($0.value) }
            case .collection: return mirror.children.compactMap { seen($0.value) }
            case .struct: return Reflected(mirror)
            default: return value
            }
        }
    }
}
