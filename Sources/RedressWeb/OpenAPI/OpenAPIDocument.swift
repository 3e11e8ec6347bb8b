/// The description of the API (OpenAPI 3.1), written from the list of operations that the router is made from.
import FoundationEssentials
import HTTPTypes
import Hummingbird
import NIOCore
import RedressCore

enum OpenAPIDocument {
    /// The document as YAML: head and paths from the operations, signing in from `sign-in-paths.yaml`, schemas from
    /// `api-schemas.yaml`.
    static let text: String = {
        var paths: [String: JSONValue] = [:]
        for operation in API.operations {
            let path = "/api/v1/" + operation.path
            var item: [String: JSONValue] = if case .object(let known)? = paths[path] { known } else { [:] }
            item[operation.method.rawValue.lowercased()] = .object(describe(operation))
            paths[path] = .object(item)
        }
        return head + "paths:\n" + YAML.block(.object(paths), indent: 2) + hand
            + String(decoding: PackageResources.sign_in_paths_yaml, as: UTF8.self)
            + String(decoding: PackageResources.api_schemas_yaml, as: UTF8.self)
    }()

    private static let head = """
        # Written from the program's own list of operations; a test compares the two.
        openapi: 3.1.0
        info:
          title: redress
          version: "1"
          summary: Grievance and restoration case manager
          description: |
            Everything staff do, as JSON. Errors are problem details (RFC 9457). Lists with `cursor` are read page by
            page. Every POST that changes something needs an `Idempotency-Key`: the same key again answers the same
            and changes nothing, with another body it is 422, while the first is under way 409. A change of a case
            names the version that was seen (`If-Match`); 412 tells what was done since, 428 that it is missing.
          license:
            name: Apache-2.0
            identifier: Apache-2.0
        servers:
          - url: http://127.0.0.1:8080
            description: This machine
        security:
          - token: []
          - staffSession: []

        """

    private static let hand = """
          /healthz:
            get:
              operationId: health
              summary: Whether the process lives.
              security: []
              responses:
                "200": {description: It lives., content: {application/json: {schema: {$ref: "#/components/schemas/Health"}}}}
          /readyz:
            get:
              operationId: readiness
              summary: Whether it can do its work, and why not.
              security: []
              responses:
                "200": {description: It can., content: {application/json: {schema: {$ref: "#/components/schemas/Health"}}}}
                "503": {description: It cannot., content: {application/json: {schema: {$ref: "#/components/schemas/Health"}}}}
          /metrics:
            get:
              operationId: metrics
              summary: Figures for Prometheus; for this machine and listed readers, 404 for others.
              security: []
              responses:
                "200": {description: Text format 0.0.4., content: {text/plain: {schema: {type: string}}}}
                "404": {description: Not for you., content: {application/problem+json: {schema: {$ref: "#/components/schemas/Problem"}}}}
          /openapi.yaml:
            get:
              operationId: description
              summary: This document.
              security: []
              responses:
                "200": {description: OpenAPI 3.1., content: {application/yaml: {schema: {type: string}}}}

        """

    /// The statuses an operation may answer with, beside its own.
    static func problems(_ operation: Operation) -> [Int] {
        var statuses = [400, 401, 403, 404, 409, 422, 429, 500, 503]
        statuses.append(operation.method == .get ? 414 : 413)
        if operation.effect.needsVersion { statuses += [412, 428] }
        return statuses.sorted()
    }

    private static func describe(_ operation: Operation) -> [String: JSONValue] {
        var described: [String: JSONValue] = [
            "operationId": .text(operation.id), "summary": .text(operation.summary),
            "description": .text("Needs the permission `\(operation.permission.rawValue)`."),
            "tags": [.text(String(operation.path.prefix { $0 != "/" }))],
            "responses": .object(responses(operation)),
        ]
        let parameters = parameters(operation)
        if !parameters.isEmpty { described["parameters"] = .list(parameters) }
        if operation.method != .get, !operation.body.isEmpty {
            let isNeeded = operation.body.contains(where: \.isRequired)
            described["requestBody"] = .object([
                "required": .flag(isNeeded),
                "content": .object([
                    "application/json": .object([
                        "schema": object(operation.body), "example": example(operation),
                    ])
                ]),
            ])
        }
        return described
    }

    private static func example(_ operation: Operation) -> JSONValue {
        // Of a lookup's ways to say who somebody is, one at a time is given.
        let fields =
            operation.id == "lookUp"
            ? operation.body.filter { $0.name == "phone" }
            : operation.id == "note"
                ? operation.body.filter { $0.name != "answer" }
                : operation.body.filter { !["mandate", "confirm"].contains($0.name) }
        return .object(Dictionary(fields.map { ($0.name, $0.example) }, uniquingKeysWith: { $1 }))
    }

    private static func responses(_ operation: Operation) -> [String: JSONValue] {
        let isJSON = !operation.answer.contains("/")
        let type = isJSON ? "application/json" : String(operation.answer.prefix { $0 != ";" })
        let schema: JSONValue =
            isJSON
            ? .object(["$ref": .text("#/components/schemas/\(operation.answer)")])
            : .object(["type": "string"])
        var success: [String: JSONValue] = [
            "description": .text(operation.status == 201 ? "It was made." : "Done."),
            "content": .object([type: .object(["schema": schema])]),
        ]
        if ["Case", "CaseDetail"].contains(operation.answer) {
            success["headers"] = .object([
                "ETag": .object(["$ref": "#/components/headers/ETag"])
            ])
        }
        var all = ["\(operation.status)": JSONValue.object(success)]
        for status in problems(operation) {
            all["\(status)"] = .object(["$ref": "#/components/responses/Problem"])
        }
        return all
    }

    private static func parameters(_ operation: Operation) -> [JSONValue] {
        var all: [JSONValue] = operation.parameters.map { name in
            .object(["$ref": .text("#/components/parameters/\(name)")])
        }
        all += operation.query.map { field in
            .object([
                "name": .text(field.name), "in": "query", "required": .flag(field.isRequired),
                "description": .text(field.help), "schema": schema(field), "example": field.example,
            ])
        }
        if operation.effect.needsKey {
            all.append(.object(["$ref": "#/components/parameters/IdempotencyKey"]))
        }
        if operation.effect.needsVersion { all.append(.object(["$ref": "#/components/parameters/IfMatch"])) }
        return all
    }

    private static func object(_ fields: [Field]) -> JSONValue {
        var schema: [String: JSONValue] = [
            "type": "object", "additionalProperties": false,
            "properties": .object(
                Dictionary(
                    fields.map { field in
                        var described =
                            if case .object(let known) = Self.schema(field) { known } else {
                                [String: JSONValue]()
                            }
                        described["description"] = .text(field.help)
                        return (field.name, JSONValue.object(described))
                    }, uniquingKeysWith: { $1 })),
        ]
        let required = fields.filter(\.isRequired).map { JSONValue.text($0.name) }
        if !required.isEmpty { schema["required"] = .list(required) }
        return .object(schema)
    }

    /// A field's kind as JSON Schema.
    static func schema(_ field: Field) -> JSONValue {
        switch field.kind {
        case .text(let most): .object(["type": "string", "minLength": 1, "maxLength": .integer(most)])
        case .integer(let range):
            .object([
                "type": "integer", "minimum": .integer(range.lowerBound),
                "maximum": .integer(range.upperBound),
            ])
        case .number(let range):
            .object([
                "type": "number", "minimum": .number(range.lowerBound), "maximum": .number(range.upperBound),
            ])
        case .flag: .object(["type": "boolean"])
        case .choice(let words): .object(["type": "string", "enum": .list(words.map { .text($0) })])
        case .texts(let most):
            .object([
                "type": "array", "maxItems": .integer(most),
                "items": .object(["type": "string", "minLength": 1, "maxLength": 4000]),
            ])
        case .date: .object(["type": "string", "format": "date"])
        case .time: .object(["type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"])
        case .instant: .object(["type": "string", "format": "date-time"])
        case .week: .object(["type": "string", "pattern": "^20[0-9]{2}-W(0[1-9]|[1-4][0-9]|5[0-3])$"])
        case .receipt: .object(["$ref": "#/components/schemas/ReceiptNumber"])
        case .receipts(let most):
            .object([
                "type": "array", "minItems": 1, "maxItems": .integer(most),
                "items": .object(["$ref": "#/components/schemas/ReceiptNumber"]),
            ])
        case .cursor:
            .object(["type": "string", "maxLength": 400, "pattern": "^[A-Za-z0-9+/]+=*$"])
        case .bytes(let most):
            .object([
                "type": "string", "contentEncoding": "base64", "maxLength": .integer(most * 4 / 3 + 4),
            ])
        }
    }
}

/// Writes values as YAML, keys in alphabetical order.
enum YAML {
    /// A list or object as a block, every line indented by so many spaces.
    static func block(_ value: JSONValue, indent: Int) -> String {
        let space = String(repeating: " ", count: indent)
        switch value {
        case .object(let fields):
            return fields.sorted { $0.key < $1.key }.map { key, value in
                space + quoted(key) + ":" + rest(value, indent)
            }.joined()
        case .list(let values):
            return values.map { space + "-" + rest($0, indent) }.joined()
        default: return space + scalar(value) + "\n"
        }
    }

    private static func rest(_ value: JSONValue, _ indent: Int) -> String {
        switch value {
        case .object(let fields) where !fields.isEmpty: "\n" + block(value, indent: indent + 2)
        case .list(let values) where !values.isEmpty: "\n" + block(value, indent: indent + 2)
        default: " " + scalar(value) + "\n"
        }
    }

    private static func quoted(_ key: String) -> String {
        let isPlain = key.allSatisfy { $0.isLetter || $0 == "_" } || key.hasPrefix("/")
        return isPlain ? key : "\"\(key)\""
    }

    private static func scalar(_ value: JSONValue) -> String {
        switch value {
        case .null: "null"
        case .flag(let flag): "\(flag)"
        case .integer(let number): "\(number)"
        case .number(let number): "\(number)"
        case .text(let text):
            "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
        case .list: "[]"
        case .object: "{}"
        }
    }
}

/// Serves the description.
struct DescriptionRoutes {
    /// One copy for all who are being sent it.
    private static let document = ByteBuffer(string: OpenAPIDocument.text)

    func add(to router: some RouterMethods<WebContext>) {
        router.get("openapi.yaml") { _, _ in
            Response(
                status: .ok, headers: [.contentType: "application/yaml"],
                body: ResponseBody(byteBuffer: Self.document))
        }
    }
}
