using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Slipway.Sdk.Database;
using Slipway.Sdk.Hosting;
using Slipway.Sdk.Service;
using Slipway.Sdk.Sessions;
using SessionOptions = Slipway.Sdk.Sessions.SessionOptions;

namespace Slipway.Sdk.Tests.Sessions;

/// <summary>A shop's web service, the identity service and the api behind a gateway that tells them apart by name.</summary>
internal sealed class SessionScene : IAsyncDisposable
{
    private readonly Neighbour _gateway;

    private SessionScene(TestDatabase database, FakeIdentity identity, Neighbour gateway, ConcurrentQueue<SeenRequest> seen, RunningService service) =>
        (Database, Identity, _gateway, Seen, Service) = (database, identity, gateway, seen, service);

    public TestDatabase Database { get; }

    public FakeIdentity Identity { get; }

    /// <summary>What arrived at the api.</summary>
    public ConcurrentQueue<SeenRequest> Seen { get; }

    public RunningService Service { get; }

    public static async Task<SessionScene> StartAsync(TestPostgres postgres, RequestDelegate? api = null)
    {
        var database = await postgres.DatabaseAsync();
        var identity = new FakeIdentity();
        var seen = new ConcurrentQueue<SeenRequest>();
        var gateway = await Neighbour.StartAsync(async http =>
        {
            if (http.Request.Host.Value == "identity.localhost:8080")
            {
                await identity.AnswerAsync(http);
                return;
            }

            if (api is not null)
            {
                await api(http);
                return;
            }

            var body = await new StreamReader(http.Request.Body).ReadToEndAsync();
            seen.Enqueue(new SeenRequest(
                http.Request.Host.Value!, http.Request.Method, http.Request.Path + http.Request.QueryString,
                http.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase), body));
            http.Response.Headers.ETag = "\"3\"";
            http.Response.Headers.SetCookie = "upstream=1";
            await http.Response.WriteAsync("from the api");
        });
        var service = await StartServiceAsync(database, gateway.Address);
        return new SessionScene(database, identity, gateway, seen, service);
    }

    /// <summary>One more instance of the same service.</summary>
    public Task<RunningService> AnotherInstanceAsync(params (string Name, string Value)[] settings) => StartServiceAsync(Database, _gateway.Address, settings);

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        await _gateway.DisposeAsync();
    }

    private static Task<RunningService> StartServiceAsync(TestDatabase database, Uri gateway, params (string Name, string Value)[] settings)
    {
        var environment = database.Environment;
        environment["SLIPWAY_GATEWAY"] = gateway.ToString();
        foreach (var (name, value) in settings)
        {
            environment[name] = value;
        }

        return RunningService.StartAsync(Create, Map, environment);
    }

    private static SlipwayService Create(string[] args)
    {
        var service = SlipwayService.Create("shop", args, options => options.Environment = _ => null);
        service.UseDatabase(typeof(SessionScene).Assembly);
        service.UseBrowserSessions(new SessionOptions { ClientId = "shop", Scopes = "openid profile email shop.orders:read", Audience = "shop" });
        return service;
    }

    private static void Map(WebApplication app)
    {
        app.MapBrowserSessions();
        app.MapSessionProxy("/api/shop", "shop-api", "/api/v1");
        app.MapSessionProxy("/api/status", "monitor", "/api/v1/status");
    }
}

internal sealed record SeenRequest(string Host, string Method, string Target, IReadOnlyDictionary<string, string> Headers, string Body);
