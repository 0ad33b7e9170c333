using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Slipway.Registry.Distribution;

/// <summary>What a caller wants to do with a repository.</summary>
public enum RegistryAction
{
    Pull,
    Push,
    Delete,
}

/// <summary>Who a caller is and what they may do. The repository is empty for questions about the registry as a whole (its catalogue).</summary>
public sealed record RegistryCaller(string Name, Func<string, RegistryAction, bool> May);

/// <summary>Checks a name and a secret; null when they do not match. Called once per login or token, not once per blob.</summary>
public delegate ValueTask<RegistryCaller?> VerifyRegistryCredential(string name, string secret, CancellationToken cancellation);

/// <summary>What callers on this machine may do without credentials.</summary>
public enum LoopbackAccess
{
    None,
    Pull,
    PullAndPush,
}

/// <summary>
/// Decides who may do what: a Basic credential, a token this registry gave out, or nothing at all from this very machine
/// when that is configured.
/// </summary>
internal sealed class RegistryAccess(VerifyRegistryCredential verify, RegistryTokens tokens, LoopbackAccess loopback)
{
    public const string Service = "slipway";

    /// <summary>The caller, or null when the request carries credentials that are wrong. No credentials is a caller too.</summary>
    public async ValueTask<RegistryCaller?> IdentifyAsync(HttpContext context)
    {
        var header = context.Request.Headers.Authorization.ToString();
        if (header.Length == 0)
        {
            return Anonymous(context);
        }

        if (header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            return tokens.Read(header["Bearer ".Length..].Trim());
        }

        return TryReadBasic(header, out var name, out var secret) ? await verify(name, secret, context.RequestAborted) : null;
    }

    /// <summary>Whether an anonymous ping may be answered with "yes": then clients never send credentials, so all must be open.</summary>
    public bool IsOpenTo(HttpContext context) => loopback == LoopbackAccess.PullAndPush && IsFromThisMachine(context);

    public static void Challenge(HttpContext context, string? repository, RegistryAction action)
    {
        var realm = $"{context.Request.Scheme}://{context.Request.Host}/v2/token";
        var scope = repository switch
        {
            null => string.Empty,
            "" => ",scope=\"registry:catalog:*\"",
            _ => $",scope=\"repository:{repository}:{Wanted(action)}\"",
        };
        context.Response.Headers.WWWAuthenticate = $"Bearer realm=\"{realm}\",service=\"{Service}\"{scope}";
    }

    private static string Wanted(RegistryAction action) => action switch
    {
        RegistryAction.Push => "pull,push",
        RegistryAction.Delete => "pull,push,delete",
        _ => "pull",
    };

    private RegistryCaller Anonymous(HttpContext context)
    {
        var granted = IsFromThisMachine(context) ? loopback : LoopbackAccess.None;
        return new RegistryCaller(string.Empty, (_, action) => granted switch
        {
            LoopbackAccess.PullAndPush => true,
            LoopbackAccess.Pull => action == RegistryAction.Pull,
            _ => false,
        });
    }

    /// <summary>
    /// A browser on this machine is a stranger's hand: a page may make it send requests here, by its origin or through a host
    /// name of its own that resolves to the loopback address. Neither counts as being local.
    /// </summary>
    private static bool IsFromThisMachine(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address)
        && !context.Request.Headers.ContainsKey("Origin")
        && !context.Request.Headers.ContainsKey("X-Forwarded-For")
        && !context.Request.Headers.ContainsKey("Forwarded")
        && IsLocalName(context.Request.Host.Host);

    private static bool IsLocalName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static bool TryReadBasic(string header, out string name, out string secret)
    {
        (name, secret) = (string.Empty, string.Empty);
        if (!header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase) || header.Length > 8 * 1024)
        {
            return false;
        }

        var bytes = new byte[header.Length];
        if (!Convert.TryFromBase64String(header["Basic ".Length..].Trim(), bytes, out var length))
        {
            return false;
        }

        var pair = Encoding.UTF8.GetString(bytes, 0, length);
        var colon = pair.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0)
        {
            return false;
        }

        (name, secret) = (pair[..colon], pair[(colon + 1)..]);
        return true;
    }
}
