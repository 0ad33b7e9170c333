using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Identity.Registrations;
using Slipway.Sdk.Problems;

namespace Slipway.Identity.Accounts;

/// <summary>The members of a patch, for the document; the patch itself must tell absent from null and is read member by member.</summary>
internal sealed record AccountPatch(string? Username, string? FirstName, string? LastName, string? Locale);

/// <summary>What a merge patch makes of a profile.</summary>
internal static class ProfilePatch
{
    public static readonly IReadOnlySet<string> Members = new HashSet<string>(StringComparer.Ordinal) { "username", "firstName", "lastName", "locale" };

    public static Outcome<ProfileChange> Apply(JsonObject patch, Account account)
    {
        var findings = new Findings();
        var change = new ProfileChange(
            SignUpForm.Username(findings, Value(findings, patch, "username", account.Username)),
            SignUpForm.FirstName(findings, Value(findings, patch, "firstName", account.FirstName)),
            SignUpForm.LastName(findings, Value(findings, patch, "lastName", account.LastName)),
            SignUpForm.Locale(findings, Value(findings, patch, "locale", account.Locale), "en"));
        return findings.Any ? findings.ToProblem() : change;
    }

    /// <summary>The patched value: absent stays, null clears.</summary>
    private static string? Value(Findings findings, JsonObject patch, string name, string? now)
    {
        if (!patch.TryGetPropertyValue(name, out var value))
        {
            return now;
        }

        if (value is null)
        {
            return null;
        }

        if (value.GetValueKind() == JsonValueKind.String)
        {
            return value.GetValue<string>();
        }

        findings.Add("/" + name, "mistyped", $"{name} must be text or null.");
        return now;
    }
}
