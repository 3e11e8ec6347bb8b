/// Tests whose subject is time itself: they need the machine to themselves, and are asked for by a variable.
import Foundation
public import Testing

/// Whether these tests were asked for; beside hundreds of others no time-out of half a second means anything.
public let isAlone = ProcessInfo.processInfo.environment["REDRESS_ALONE"] == "1"

/// How to ask for them.
public let aloneHint: Comment = "needs the machine to itself: REDRESS_ALONE=1 swift test --filter Limit"
