namespace Slipway.Gateway.Refusals;

/// <summary>Why the gateway itself answers. <see cref="Code"/> is stable; the README lists every one.</summary>
internal sealed record Refusal(int Status, string Code, string Title, string Detail)
{
    /// <summary>Seconds after which trying again makes sense; null says nothing about it.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>Whether the same request may succeed later.</summary>
    public bool Retryable => Status is 429 or 502 or 503 or 504;

    /// <summary>A type URI other than the one made from the code.</summary>
    public string? Type { get; init; }

    /// <summary>Extra header lines, each ending in CRLF.</summary>
    public string Headers { get; init; } = "";

    /// <summary>Extra members of the problem document, starting with a comma; already valid JSON.</summary>
    public string Members { get; init; } = "";
}

/// <summary>The refusals that need no words of their own.</summary>
internal static class KnownRefusals
{
    public static readonly Refusal UnknownHost = new(404, "unknownHost", "No such service", "No service or route answers to this host name.");

    /// <summary>Stands for "nobody is left to answer"; it is logged, never sent.</summary>
    public static readonly Refusal ClientGone = new(499, "clientGone", "Client closed the connection", "The client left before the answer was ready.");

    public static readonly Refusal NoRoute = new(404, "noRoute", "No matching route", "The host is known, but none of its routes matches this request.");

    public static readonly Refusal ServiceStopped = new(503, "serviceStopped", "Service is stopped", "The service was stopped by its owner and takes no traffic until it is started again.");

    public static readonly Refusal ServiceNotReady = new(503, "serviceNotReady", "Service is not ready", "The service has no ready revision yet.") { RetryAfterSeconds = 2 };

    public static readonly Refusal NoInstance = new(503, "noInstance", "No instance became ready", "No instance of the service became ready in time.") { RetryAfterSeconds = 5 };

    public static readonly Refusal QueueFull = new(503, "queueFull", "Too many requests are waiting", "The service is overloaded: its queue of waiting requests is full.") { RetryAfterSeconds = 1 };

    public static readonly Refusal UpstreamTimeout = new(504, "upstreamTimeout", "The service did not answer in time", "The instance sent no answer within the request timeout of its revision.");

    public static readonly Refusal UpstreamFailed = new(502, "upstreamFailed", "The service failed to answer", "The instance closed the connection before it answered.");

    public static readonly Refusal UpstreamInvalid = new(502, "upstreamInvalid", "The service answered nonsense", "The instance sent something that is not a valid HTTP answer.");

    public static readonly Refusal UpstreamUnreachable = new(502, "upstreamUnreachable", "The service cannot be reached", "No instance of the service accepted a connection.") { RetryAfterSeconds = 1 };

    public static readonly Refusal InvalidBackend = new(500, "invalidBackend", "Route leads nowhere", "The route names a backend that does not exist.");

    public static readonly Refusal Stopping = new(503, "gatewayStopping", "Gateway is stopping", "The gateway is shutting down and takes no new requests.") { RetryAfterSeconds = 5 };

    public static readonly Refusal TooManyConnections = new(503, "tooManyConnections", "Too many connections", "The gateway holds as many connections as it is allowed to.") { RetryAfterSeconds = 1 };

    public static readonly Refusal Internal = new(500, "internalError", "Gateway error", "The gateway failed while it handled the request.");

    public static readonly Refusal ChunkBroken = new(400, "malformedBody", "Malformed body", "The chunked framing of the request body is broken.");

    public static readonly Refusal HeadTimeout = new(408, "requestTimeout", "Request took too long", "The request was not received in time.");

    public static Refusal BodyTooLarge(long max) => new(413, "bodyTooLarge", "Request body too large", $"A request body may have {max} bytes.");

    public static Refusal Unavailable(Runtime.Endpoints.Unavailability reason) =>
        new(503, reason.Code, "Service is not available", reason.Detail);

    public static Refusal Malformed(Messages.HeadError error) => error switch
    {
        Messages.HeadError.TooLong or Messages.HeadError.TooManyFields =>
            new(431, "headTooLarge", "Request head too large", $"A request head may have {Messages.MessageHead.FieldsMax} fields and {Messages.MessageHead.BytesMax} bytes."),
        Messages.HeadError.BadVersion =>
            new(505, "versionNotSupported", "HTTP version not supported", "The gateway speaks HTTP/1.0, HTTP/1.1 and HTTP/2."),
        Messages.HeadError.BadEncoding =>
            new(501, "encodingNotSupported", "Transfer coding not supported", "The only transfer coding taken is a single 'chunked', in HTTP/1.1."),
        Messages.HeadError.BadExpectation =>
            new(417, "expectationFailed", "Expectation not supported", "The only expectation taken is 100-continue."),
        _ => new(400, "malformedRequest", "Malformed request", Explain(error)),
    };

    private static string Explain(Messages.HeadError error) => error switch
    {
        Messages.HeadError.BadStartLine => "The request line is not 'METHOD target HTTP/1.1'.",
        Messages.HeadError.BadTarget => "The request target must be a path or an http(s) URL of visible ASCII characters.",
        Messages.HeadError.FoldedField => "A header field is continued on a second line.",
        Messages.HeadError.BareLineFeed => "Lines of a request head end with CR LF.",
        Messages.HeadError.BadHost => "Exactly one valid Host field is needed.",
        Messages.HeadError.BadLength => "Content-Length is not a number.",
        Messages.HeadError.DuplicateLength => "Content-Length is given twice.",
        Messages.HeadError.LengthAndEncoding => "Content-Length and Transfer-Encoding must not be given together.",
        _ => "A header field has an invalid name or value.",
    };
}
