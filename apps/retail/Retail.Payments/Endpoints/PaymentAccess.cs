using Microsoft.AspNetCore.Http;
using Retail.Payments.Payments;
using Slipway.Sdk.Auditing;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Database;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Settings;

namespace Retail.Payments.Endpoints;

/// <summary>
/// Who may see and do what. Buyers see their own payments, admins all of them; money is moved by admins who proved a second factor,
/// and by services. Every look and every refused one is written down.
/// </summary>
internal sealed class PaymentAccess(Database database, AuditTrail trail, ServiceSettings settings)
{
    public const string Read = "retail.payments:read";
    public const string Write = "retail.payments:write";

    private const string Admin = "admin";

    private static readonly string[] s_secondFactors = ["otp", "webauthn", "mfa", "hwk"];

    private readonly bool _secondFactor = settings.Flag("ADMIN_SECOND_FACTOR", true);

    public static bool IsAdmin(Caller caller) => caller.Roles.Contains(Admin);

    public static bool MaySee(Caller caller, Payment payment) =>
        IsAdmin(caller) || caller.Kind == CallerKind.Service || (caller.UserId != Guid.Empty && payment.UserId == caller.UserId);

    /// <summary>Null when the caller may move money.</summary>
    public Problem? RefuseMoney(Caller caller)
    {
        if (caller.Kind == CallerKind.Service)
        {
            return null;
        }

        if (!IsAdmin(caller))
        {
            return Problem.Forbidden("This call is for the role admin.") with { Args = new() { ["role"] = Admin } };
        }

        return _secondFactor && !s_secondFactors.Any(caller.Methods.Contains)
            ? new Problem(403, "secondFactorRequired", "A second factor is needed", "Sign in with a second factor; money is moved by admins who did.")
            : null;
    }

    public Task NoteAsync(HttpContext http, string action, string target, CancellationToken cancellation, string? reason = null) => database.WriteAsync(
        (transaction, token) => trail.AppendAsync(transaction, AuditEntry.From(http, action, "payment", target) with { Reason = reason }, token), cancellation);
}
