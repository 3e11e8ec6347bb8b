/// The fuzzer of every reader of outside bytes; built only when `REDRESS_FUZZ` is set, because it brings its own main.
import FuzzedReaders

/// What libFuzzer calls with each input; a crash, a hang or a broken promise is a find.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    do {
        try unsafe readAsFuzzed(UnsafeBufferPointer(start: start, count: count))
    } catch {
        fatalError("\(error)")
    }
    return 0
}
