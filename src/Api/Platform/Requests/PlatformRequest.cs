using Microsoft.AspNetCore.Http;
using Slipway.Api.Access;

namespace Slipway.Api.Platform.Requests;

/// <summary>A request whose sender is known and whose path names an operation.</summary>
internal sealed record PlatformRequest(HttpContext Http, Caller Caller, AccessRules Rules, IReadOnlyDictionary<string, string> Values)
{
    public CancellationToken Cancellation => Http.RequestAborted;

    /// <summary>A part of the path by its name in the operation's template.</summary>
    public string Value(string name) => Values[name];

    /// <summary>Whether the caller may do something to a kind in a namespace (empty: in all of them).</summary>
    public bool May(string verb, PlatformResource resource, string @namespace) =>
        Rules.Allows(Caller, resource.Attempt(verb, @namespace));
}

/// <summary>
/// What an operation touches, in the words of the access rules. Containers are Pods and services are Services there, so
/// one grant covers both ways to the same thing.
/// </summary>
internal sealed record PlatformResource(string Group, string Plural)
{
    public static readonly PlatformResource Containers = new("", "pods");
    public static readonly PlatformResource Services = new("serving.knative.dev", "services");
    public static readonly PlatformResource Images = new("slipway.dev", "images");
    public static readonly PlatformResource Databases = new("slipway.dev", "databases");
    public static readonly PlatformResource Usage = new("slipway.dev", "usage");

    public Attempt Attempt(string verb, string @namespace) => new(verb, Group, Plural, "", @namespace, "");
}
