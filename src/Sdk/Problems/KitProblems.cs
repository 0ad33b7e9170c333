namespace Slipway.Sdk.Problems;

/// <summary>What the codes mean that the kit itself answers with, in the groups in which services come to have them.</summary>
internal static class KitProblems
{
    public static ProblemText[] Always { get; } =
    [
        new("unreadable", 400, "The request cannot be read", "A part of the request line, of a header or of a value in the address does not have the form it must have.",
            "Correct the request; the detail names the part. Repeating it unchanged fails again."),
        new("malformedJson", 400, "The body is not JSON", "The body ends too early, is nested too deeply or breaks the rules of JSON at the place the detail names.",
            "Send one JSON object, in UTF-8, nested at most 32 levels deep."),
        new("cursorMismatch", 400, "The cursor belongs to another list", "A cursor is good for the list, the filters, the order and the caller it was made for.",
            "Begin the list anew without a cursor, and then only follow page.next and page.prev."),
        new("forbidden", 403, "Not allowed", "It is known who calls, and this caller may not do this.", "Ask somebody who may, or call with an account that has the role the detail names."),
        new("notFound", 404, "Not found", "Nothing is under this address, or it belongs to somebody else; the answer does not tell which.",
            "Check the address and the id. What was deleted for good does not come back."),
        new("methodNotAllowed", 405, "Not a method of this address", "The address exists and answers other methods.", "Use one of the methods in the Allow header."),
        new("tooSlow", 408, "The request came too slowly", "The body did not arrive in time.", "Send it again over a better connection."),
        new("cursorExpired", 410, "The list has moved on", "A cursor is good for 24 hours.", "Begin the list anew without a cursor."),
        new("versionMismatch", 412, "Changed meanwhile", "Somebody changed this after you had read it; the ETag header has its present version.",
            "Read it again, look at the difference, and repeat your change with the new ETag in If-Match."),
        new("tooLarge", 413, "The body is too large", "The body, or one thing in it, is larger than this call takes.", "Send less at once; the detail names the limit."),
        new("unsupportedMediaType", 415, "Not a kind of body this call reads", "The Content-Type names a kind of body that this call does not read.", "Send the kind the detail names, usually application/json."),
        new("invalid", 422, "Some values are not valid", "The request could be read, but values in it do not fit. Each member of errors names one place and what is wrong there.",
            "Correct every place that is named; a field or parameter nobody knows counts as wrong too."),
        new("versionRequired", 428, "Say which version you change", "Changes of this thing must name the version they start from, so that nobody's change is lost.",
            "Send If-Match with the ETag of the version you have read."),
        new("tooManyRequests", 429, "Too many calls", "More calls came than the limit named in violated-policies allows.", "Wait as long as Retry-After says. The RateLimit header tells before it happens."),
        new("tooManyStreams", 429, "Too many open streams", "One person has too many live streams open, or the instance has no room for another.",
            "Close pages you do not need; they ask from time to time meanwhile."),
        new("internal", 500, "Something went wrong here", "The service failed for a reason of its own and has logged it.", "Try again later. If it stays, tell the operator the traceId of the answer."),
        new("dependencyUnavailable", 503, "Temporarily unavailable", "Another service that this call needs does not answer, or answers wrongly.", "Repeat the call after Retry-After."),
        new("dependencyBusy", 503, "Temporarily unavailable", "Too many calls to another service that this call needs are waiting already.", "Repeat the call after Retry-After."),
        new("dependencyTimeout", 504, "Something else is too slow", "Another service that this call needs did not answer in time.", "Repeat the call later."),
        new("stopping", 503, "Temporarily unavailable", "The instance that got the call is stopping and takes nothing new.", "Repeat the call after Retry-After; another instance takes it."),
        new("deadlineExceeded", 504, "The answer would come too late", "The caller said in X-Request-Timeout-Ms how long it waits, and that time is over.", "Wait longer, or ask for less."),
    ];

    public static ProblemText[] OfCallers { get; } =
    [
        new("unauthenticated", 401, "Sign in first", "The call needs a caller, and nothing in it proves who calls.", "Send an access token or an API key as Authorization: Bearer."),
        new("invalidToken", 401, "Sign in again", "The access token is broken, expired, meant for another service or signed by somebody unknown.", "Get a new token, with the refresh token or by signing in."),
        new("invalidApiKey", 401, "Sign in first", "The API key is unknown, deleted or expired.", "Make a new key in your account."),
        new("missingScope", 403, "Not allowed", "The token is good, but was not given the power that the member missingScope names.", "Ask for a token with that scope, or use an account that may have it."),
        new("identityUnavailable", 503, "Temporarily unavailable", "The service that knows who callers are does not answer, so nobody can be let in.", "Repeat the call after Retry-After."),
    ];

    public static ProblemText[] OfDatabase { get; } =
    [
        new("databaseUnavailable", 503, "Temporarily unavailable", "The service cannot reach its database. Nothing was changed, unless the detail says that this is unknown.",
            "Repeat the call after Retry-After, with the same Idempotency-Key if there was one."),
        new("outcomeUnknown", 503, "It is not known whether it was done", "The connection to the database broke while the change was being made final.",
            "Read first whether the change is there, or repeat the call with the same Idempotency-Key."),
        new("databaseBusy", 503, "Temporarily unavailable", "All connections to the database are in use, and the wait for one was too long.", "Repeat the call after Retry-After."),
        new("databaseUrl", 500, "The service is not set up", "DATABASE_URL is missing or does not name a database.", "The operator sets it to postgres://user:password@host:5432/database."),
        new("eventUnreadable", 400, "The event cannot be read", "An event came that lacks what this consumer needs, or has it in another form.",
            "Do not send it again unchanged; look at it among the dead letters and mend its sender."),
        new("idempotencyKeyInUse", 409, "The first request with this key still runs", "A request with the same Idempotency-Key has begun and is not finished.", "Wait as long as Retry-After says and repeat it; you get the first one's answer."),
        new("idempotencyKeyReused", 422, "The Idempotency-Key belongs to another request", "A key stands for one request; it came before with another body.", "Take a new key for each new request, and keep it for repetitions only."),
        new("auditChainBroken", 500, "The audit trail was tampered with", "An entry of the audit trail does not fit the ones around it.", "The operator compares it with a backup; the args name the first entry that does not fit."),
    ];

    public static ProblemText[] OfSessions { get; } =
    [
        new("signInRefused", 401, "Signed out", "The sign-in behind this session has ended.", "Sign in again."),
        new("csrfToken", 403, "Not allowed", "A change by a session needs proof that it comes from this site's own page.", "Send the csrfToken of GET /session as X-Csrf-Token."),
        new("foreignOrigin", 403, "Not allowed", "The change was sent by a page of another address.", "Make the change on this site's own page."),
    ];
}
