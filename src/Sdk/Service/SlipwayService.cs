using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Slipway.Sdk.Callers;
using Slipway.Sdk.Documents;
using Slipway.Sdk.Health;
using Slipway.Sdk.Limits;
using Slipway.Sdk.Outbound;
using Slipway.Sdk.Paging;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Settings;
using Slipway.Sdk.Telemetry;

namespace Slipway.Sdk.Service;

/// <summary>
/// A service in the making. What it offers is declared here, what it answers in the function given to
/// <see cref="RunAsync"/>; everything every service owes its callers and operators is there already.
/// </summary>
public sealed partial class SlipwayService
{
    private readonly CommandLine _line;
    private readonly HealthChecks _checks = new();
    private readonly Dictionary<string, Func<IServiceProvider, CancellationToken, Task<int>>> _commands = new(StringComparer.Ordinal);
    private readonly ServiceFeatures _features = new();
    private readonly ServiceShapes _shapes = new();
    private readonly ProblemTexts _problems = new();

    private SlipwayService(string name, CommandLine line, SlipwayServiceOptions options)
    {
        (Name, _line) = (name, line);
        Settings = new ServiceSettings(line.Over(options.Environment));
        Addresses = new ServiceAddresses(Settings);
        Identity = ServiceIdentity.Read(name, Settings);
        Builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions
        {
            ApplicationName = name,
            Args = [],
            EnvironmentName = Settings.Text("ASPNETCORE_ENVIRONMENT", Environments.Production),
            ContentRootPath = ContentRoot(),
        });
        _limits = new LimitBook(options.Time) { Off = Settings.Choice("LIMITS", "on", "on", "off") == "off" };
        Limit(LimitedEndpoints.Default, LimitDefaultPermits, TimeSpan.FromMinutes(1));
        AddServer();
        AddServices(options);
    }

    public string Name { get; }

    public ServiceSettings Settings { get; }

    public ServiceAddresses Addresses { get; }

    /// <summary>Name, version, revision and instance, as logs and health tell them.</summary>
    public ServiceIdentity Identity { get; }

    public WebApplicationBuilder Builder { get; }

    public IServiceCollection Services => Builder.Services;

    /// <summary>What followed the verb on the command line.</summary>
    public IReadOnlyList<string> Arguments => _line.Arguments;

    public static SlipwayService Create(string name, string[] args, Action<SlipwayServiceOptions>? options = null)
    {
        var chosen = new SlipwayServiceOptions();
        options?.Invoke(chosen);
        return new SlipwayService(name, CommandLine.Read(args), chosen);
    }

    /// <summary>
    /// How bodies and answers are read and written; may be called for several contexts. The first one's options also hold
    /// for what the framework itself reads and writes, so both sides look the same on the wire.
    /// </summary>
    public void Json(JsonSerializerContext context)
    {
        _shapes.Add(context);
        Services.Configure<JsonOptions>(json => ServiceShapes.Apply(context, json.SerializerOptions));
    }

    /// <summary>Access tokens and API keys of the identity service prove who calls.</summary>
    /// <param name="audience">What a token must be meant for.</param>
    public void UseCallers(string audience)
    {
        _features.KnowsCallers = true;
        Explain(KitProblems.OfCallers);
        Services.AddSingleton(new TokenRules(Addresses.Public("identity").GetLeftPart(UriPartial.Authority), audience));
        Services.TryAddSingleton<IdentityConnection>();
        Services.TryAddSingleton<IKeySource, IdentityKeySource>();
        Services.TryAddSingleton<IApiKeyCheck, IdentityApiKeyCheck>();
        Services.TryAddSingleton<TokenVerifier>();
        Services.TryAddSingleton<KeyGuesses>();
        Services.TryAddSingleton<CallerAuthentication>();
    }

    /// <summary>Pages of the origins in CORS_ORIGINS may call this service.</summary>
    public void UseCors() => _features.CorsOrigins = Cors.Read(Settings);

    /// <summary>What the problem codes of the service mean, for the pages that the types of its problems lead to.</summary>
    public void Explain(params ReadOnlySpan<ProblemText> problems) => _problems.Add(problems);

    /// <summary>Something the service depends on.</summary>
    /// <param name="critical">Without it the service is not ready.</param>
    /// <param name="check">Null if all is well, else what is not. Has a second, and its answer counts for five.</param>
    public void Check(string name, bool critical, Func<IServiceProvider, CancellationToken, Task<string?>> check) =>
        _checks.Add(new HealthCheck(name, critical, check));

    /// <summary>What the program does instead of serving if it is started with that word.</summary>
    public void Command(string verb, Func<IServiceProvider, CancellationToken, Task<int>> run) => _commands.Add(verb, run);

    private void AddServer()
    {
        var port = Settings.Number("PORT", 8080, 0, 65_535);
        var host = Settings.Text("HOST", "0.0.0.0");
        if (!IPAddress.TryParse(host, out var address))
        {
            Settings.Mistaken($"HOST must be an address to listen on such as 0.0.0.0 or 127.0.0.1, not \"{host}\".");
            address = IPAddress.Loopback;
        }

        Builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
            kestrel.Listen(address, port, listener => listener.Protocols = HttpProtocols.Http1);
        });
    }

    private void AddServices(SlipwayServiceOptions options)
    {
        var cursorKey = Settings.Key("CURSOR_KEY");
        Services.AddRoutingCore();
        Services.Configure<RouteHandlerOptions>(handlers => handlers.ThrowOnBadRequest = true);
        Services.Configure<JsonOptions>(json =>
        {
            json.SerializerOptions.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
            json.SerializerOptions.MaxDepth = 32;
        });
        ServiceTelemetry.AddTo(Services, Identity, Settings, options.Output);
        Services.AddSingleton<IHostLifetime, QuietLifetime>();
        Services.AddSingleton(options.Time);
        Services.AddSingleton(Settings);
        Services.AddSingleton(Addresses);
        Services.AddSingleton(Identity);
        Services.AddSingleton(_checks);
        Services.AddSingleton(_shapes);
        Services.AddSingleton(_problems);
        Services.AddSingleton(_limits);
        Services.AddSingleton(_features);
        Services.AddSingleton<HealthState>();
        Services.AddSingleton<ServiceDocument>();
        Services.AddSingleton<Drain>();
        Services.AddSingleton(CallOptions.Read(Settings));
        Services.AddSingleton<ServiceCalls>();
        Services.AddSingleton(provider => new Cursors(
            cursorKey ?? System.Security.Cryptography.RandomNumberGenerator.GetBytes(32), provider.GetRequiredService<TimeProvider>()));
    }

    /// <summary>Pages lie beside the program when it is published, and in the working folder while it is being written.</summary>
    private static string ContentRoot()
    {
        var beside = AppContext.BaseDirectory;
        var working = Directory.GetCurrentDirectory();
        return !Directory.Exists(Path.Combine(beside, "wwwroot")) && Directory.Exists(Path.Combine(working, "wwwroot")) ? working : beside;
    }
}
