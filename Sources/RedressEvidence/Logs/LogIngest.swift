/// Reads one log file into facts, a bounded batch at a time.

import RedressCore

/// Bounds on what one file may cost.
public struct IngestLimits: Sendable, Hashable {
    /// Bytes of facts and tables held before a checkpoint is made.
    public var budgetBytes = 256 << 20
    /// Decompressed bytes at most (8 TiB).
    public var totalBytes = 8 << 40
    /// Decompressed bytes a compressed byte at most; a file beyond it is taken for a bomb.
    public var ratio = 400
    /// Workers that parse at the same time.
    public var workers = 2

    /// The limits that ship.
    public init() {}
}

/// One file's ingestion.
public struct LogIngest: Sendable {
    let file: LogFile
    let kind: LogKind
    let mapping: Mapping?
    let joinKey: JoinKey
    let limits: IngestLimits

    /// Describes what to read; nothing is opened yet.
    public init(
        file: LogFile, kind: LogKind, mapping: Mapping? = nil, joinKey: JoinKey,
        limits: IngestLimits = IngestLimits()
    ) {
        self.file = file
        self.kind = kind
        self.mapping = mapping
        self.joinKey = joinKey
        self.limits = limits
    }

    /// Reads the file from `progress` (its start when nil), handing over a batch at each checkpoint.
    ///
    /// Whatever `checkpoint` has committed need not be read again: a killed run goes on from there.
    /// - Throws: `badData` when the file cannot be decoded at all or is beyond the limits; what `checkpoint` throws.
    public func run(
        resumingAt progress: IngestProgress? = nil, checkpoint: (IngestBatch) async throws -> Void
    ) async throws -> IngestProgress {
        throw RedressError(.fault, "not yet")
    }
}
