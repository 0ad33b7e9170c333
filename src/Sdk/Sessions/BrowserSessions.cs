using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Database;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Service;

namespace Slipway.Sdk.Sessions;

/// <summary>
/// Backend for frontend: the browser has a cookie it cannot read, the tokens stay here, and calls of the page to other services
/// go through here.
/// </summary>
public static class BrowserSessions
{
    private const string Open = "The session itself decides.";

    /// <summary>Needs a database (<see cref="SlipwayDatabase.UseDatabase"/>), which keeps the sessions.</summary>
    public static void UseBrowserSessions(this SlipwayService service, SessionOptions options)
    {
        if (options.ClientId.Length == 0)
        {
            throw new ArgumentException("A client id is needed: the name the application has at the identity service.", nameof(options));
        }

        service.Explain(KitProblems.OfSessions);
        var key = service.Settings.Key("SESSION_KEY");
        var previous = service.Settings.Key("SESSION_KEY_PREVIOUS");
        var home = service.Addresses.Public(service.Name);
        var services = service.Services;
        services.AddSingleton(options);
        services.AddSingleton(new SessionAddresses(home));
        services.AddSingleton(new SessionCookie(home));
        services.AddSingleton(new OriginCheck(home));
        services.AddSingleton(provider => new SessionKeys(key, previous, provider.GetRequiredService<Database.Database>(), provider.GetRequiredService<ILogger<SessionKeys>>()));
        services.AddSingleton<SessionStore>();
        services.AddSingleton<IdentityTokens>();
        services.AddSingleton<SessionBearer>();
        services.AddSingleton<SignInEndpoint>();
        services.AddSingleton<SignInCallback>();
        services.AddSingleton<SessionEndpoints>();
        services.AddSingleton<SessionProxy>();
        services.AddSingleton(new Sweep("sessions", "slipway.sessions", $"seen_at < now() - interval '{(long)options.Idle.TotalSeconds} seconds' or created_at < now() - interval '{(long)options.Absolute.TotalSeconds} seconds'"));
    }

    public static void MapBrowserSessions(this WebApplication app)
    {
        app.MapGet("/session", static Task<IResult> (HttpContext http, SessionEndpoints sessions) => sessions.ShowAsync(http)).WithName("getSession").OpenToAll(Open);
        app.MapPost("/session/sign-out", static Task<IResult> (HttpContext http, SessionEndpoints sessions) => sessions.SignOutAsync(http)).WithName("signOut").OpenToAll(Open);
        app.MapGet("/session/sign-in", static Task<IResult> (HttpContext http, SignInEndpoint signIn) => signIn.AnswerAsync(http)).WithName("signIn").OpenToAll(Open);
        app.MapGet("/session/callback", static Task<IResult> (HttpContext http, SignInCallback callback) => callback.AnswerAsync(http)).WithName("finishSignIn").OpenToAll(Open);
    }

    /// <summary>
    /// Hands <c>{prefix}</c> and everything below on to a service as <c>{target}</c> and what is below that, with the token of the
    /// session. Without a session the call goes on without a token, and the service says whether that is enough.
    /// </summary>
    public static void MapSessionProxy(this WebApplication app, string prefix, string service, string target = "/api/v1")
    {
        var proxy = app.Services.GetRequiredService<SessionProxy>();
        RequestDelegate forward = http => proxy.ForwardAsync(http, prefix, service, target);
        foreach (var pattern in new[] { prefix, prefix + "/{**rest}" })
        {
            app.Map(pattern, forward).WithMetadata(new SuppressedFromDocuments()).OpenToAll("The service behind it decides.");
        }
    }

    /// <summary>What is passed on is described by the service it is passed on to.</summary>
    private sealed class SuppressedFromDocuments : Microsoft.AspNetCore.Routing.IExcludeFromDescriptionMetadata
    {
        public bool ExcludeFromDescription => true;
    }
}
