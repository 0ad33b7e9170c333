using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Settings;

namespace Titanic.Api.Tenants;

/// <summary>
/// The tenants this installation has (TENANTS), the first of which is everybody's. A call names its tenant with <c>X-Tenant</c> or by the
/// host it came to; another than everybody's is for callers with its role.
/// </summary>
internal sealed partial class Tenants
{
    public const string HeaderName = "X-Tenant";

    private readonly Dictionary<string, Tenant> _byName;

    private Tenants(IReadOnlyList<Tenant> all)
    {
        (All, Default) = (all, all[0]);
        _byName = all.ToDictionary(tenant => tenant.Name, StringComparer.Ordinal);
    }

    public IReadOnlyList<Tenant> All { get; }

    public Tenant Default { get; }

    public static Tenants Read(ServiceSettings settings)
    {
        var names = settings.List("TENANTS").Distinct(StringComparer.Ordinal).ToList();
        foreach (var wrong in names.Where(name => !IsName(name)))
        {
            settings.Mistaken($"TENANTS are names of small letters, digits and dashes, up to 40 of them, not \"{wrong}\".");
        }

        names.RemoveAll(name => !IsName(name));
        return new Tenants([.. (names.Count == 0 ? [TitanicService.Name] : names).Select(name => new Tenant(name))]);
    }

    public static bool IsName(string text) => NameForm().IsMatch(text);

    /// <summary>The tenant a request names, if its caller may use it.</summary>
    public Outcome<Tenant> Of(HttpContext http)
    {
        if (NameIn(http.Request) is not { } name || name == Default.Name)
        {
            return Default;
        }

        var caller = http.CallerOrNull();
        if (caller is null)
        {
            return Problem.Unauthenticated("Only the tenant that is everybody's can be read without a caller; send an access token or an API key as Authorization: Bearer.");
        }

        // A tenant that is not there and one that is not the caller's look alike.
        return _byName.TryGetValue(name, out var tenant) && caller.Roles.Contains(tenant.Role)
            ? tenant
            : new Problem(403, "notYourTenant", "Not your tenant", $"The caller has no role that lets it use the tenant it named. Leave out {HeaderName}, or use one of its own.");
    }

    /// <summary>What the header says, else what the host does: <c>olympic.titanic.example</c> or <c>olympic---titanic.example</c>.</summary>
    private string? NameIn(HttpRequest request)
    {
        if (request.Headers[HeaderName] is { Count: > 0 } header)
        {
            return header.Count == 1 && header[0] is { } text && IsName(text) ? text : "";
        }

        var host = request.Host.Host;
        var (dash, dot) = (host.IndexOf("---titanic.", StringComparison.Ordinal), host.IndexOf(".titanic.", StringComparison.Ordinal));
        var first = dash > 0 ? host[..dash] : dot > 0 ? host[..dot] : null;

        // Hosts also carry names of revisions, which are no tenants.
        return first is not null && _byName.ContainsKey(first) ? first : null;
    }

    [GeneratedRegex("^[a-z][a-z0-9-]{0,38}[a-z0-9]$", RegexOptions.CultureInvariant)]
    private static partial Regex NameForm();
}
