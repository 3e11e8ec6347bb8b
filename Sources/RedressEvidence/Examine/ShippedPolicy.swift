/// The text of the policy that ships with the product, so that each incident can keep its own copy.
extension Policy {
    /// The shipped policy file's bytes (YAML, UTF-8).
    public static var shippedText: [UInt8] { PackageResources.default_yaml }
}
