using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Sdk.Caching;
using Slipway.Sdk.Database;
using Slipway.Sdk.Limits;
using Slipway.Sdk.Notices;
using Slipway.Sdk.Pages;
using Slipway.Sdk.Service;
using Slipway.Sdk.Settings;
using Titanic.Api.Auditing;
using Titanic.Api.Changes;
using Titanic.Api.Endpoints;
using Titanic.Api.Graph;
using Titanic.Api.Listing;
using Titanic.Api.Live;
using Titanic.Api.Metrics;
using Titanic.Api.Retention;
using Titanic.Api.Searching;
using Titanic.Api.Seeding;
using Titanic.Api.Statistics;
using Titanic.Api.Tenants;
using Titanic.Api.Transfer;

namespace Titanic.Api;

/// <summary>The passengers of the Titanic: records, search and statistics over HTTP, and the page in front of them.</summary>
public static class TitanicService
{
    public const string Name = "titanic";

    private const string PeopleLimit = "people";

    public static SlipwayService Create(string[] args, Action<SlipwayServiceOptions>? options = null)
    {
        var service = SlipwayService.Create(Name, args, options);
        service.Json(TitanicJson.Default);
        service.Explain(TitanicProblems.All);
        service.UseDatabase(typeof(TitanicService).Assembly);
        service.UseCallers(Name);
        service.UseCors();
        DeclareLimits(service);
        MetricsPort.Open(service);

        var services = service.Services;
        services.AddSingleton(AccessMode.Of(service.Settings));
        services.AddSingleton(Tenants.Tenants.Read(service.Settings));
        services.AddSingleton(new ReadCaching(service.Settings.Flag("CACHE", true)));
        services.AddSingleton(Bounds(service.Settings));
        services.AddSingleton<ResponseCache>();
        services.AddSingleton<CachedReplies>();
        services.AddSingleton<TenantData>();
        services.AddSingleton<PeopleReads>();
        services.AddSingleton<PeopleListing>();
        services.AddSingleton<NameSearch>();
        services.AddSingleton<PeopleStatistics>();
        services.AddSingleton<Edits>();
        services.AddSingleton<Population>();
        services.AddSingleton<PeopleAudit>();
        services.AddSingleton<VerifyAudit>();
        services.AddSingleton<Distributions>();
        services.AddSingleton<GraphAnswers>();
        services.AddSingleton<IStartupFilter, RequestFigures>();
        services.AddHostedService<PeopleFigures>();
        services.AddSingleton<Importing>();
        services.AddSingleton<Retain>();
        services.AddSingleton<ChangeSignal>();
        services.AddSingleton<ChangeFeed>();
        services.AddSingleton<PeopleBoard>();
        service.UseNotices<PeopleBoard>(PeopleBoard.ChannelName);

        service.Command("seed", (provider, cancellation) => provider.GetRequiredService<Population>().SeedAsync(cancellation));
        service.Command("expand", (provider, cancellation) => provider.GetRequiredService<Population>().ExpandAsync(service.Arguments, cancellation));
        service.Command("retain", (provider, cancellation) => provider.GetRequiredService<Retain>().RunAsync(cancellation));
        service.Command("verify-audit", (provider, cancellation) => provider.GetRequiredService<VerifyAudit>().RunAsync(cancellation));
        return service;
    }

    public static void Map(WebApplication app)
    {
        RequestSpan.Remember(app);
        var access = app.Services.GetRequiredService<AccessMode>();
        MapPeople(app.MapGroup("/api/v1"), access);

        // The address the API has been known by, for good: the same endpoints, described once.
        var plain = app.MapGroup("").ExcludeFromDescription();
        ((IEndpointConventionBuilder)plain).Finally(WithoutName);
        MapPeople(plain, access);
        app.MapPages("pages/titanic", new PagesOptions
        {
            Routes = ["/", "/survival", "/passengers/*"],
            Reserved = [.. new PagesOptions().Reserved, "people", "audit", "graphql", "problems"],
        });
    }

    private static void MapPeople(RouteGroupBuilder api, AccessMode access)
    {
        api.Limited(PeopleLimit);
        ListPeople.Map(api, access);
        SearchPeople.Map(api, access);
        PeopleStats.Map(api, access);
        PeopleDistributions.Map(api, access);
        ExportPeople.Map(api, access);
        ImportPeople.Map(api);
        PeopleEvents.Map(api, access);
        GetPerson.Map(api, access);
        PersonHistory.Map(api, access);
        CreatePerson.Map(api);
        ChangePerson.Map(api);
        DeletePerson.Map(api);
        HoldPerson.Map(api);
        ExpandPeople.Map(api);
        AuditEndpoints.Map(api);
        GraphEndpoint.Map(api, access);
    }

    /// <summary>Only one of two endpoints can have a name.</summary>
    private static void WithoutName(EndpointBuilder endpoint)
    {
        foreach (var name in endpoint.Metadata.OfType<IEndpointNameMetadata>().ToList())
        {
            endpoint.Metadata.Remove(name);
        }
    }

    private static void DeclareLimits(SlipwayService service)
    {
        var (permits, seconds) = (6_000, 60);
        if (service.Settings.Text("RATE_LIMIT") is { } text)
        {
            var parts = text.Split('/');
            if (parts.Length != 2
                || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out permits) || permits < 1
                || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out seconds) || seconds is < 1 or > 86_400)
            {
                service.Settings.Mistaken($"RATE_LIMIT must be calls/seconds, such as 6000/60, not \"{text}\". LIMITS=off lifts all limits.");
                (permits, seconds) = (6_000, 60);
            }
        }

        service.Limit(PeopleLimit, permits, TimeSpan.FromSeconds(seconds));
        service.Limit("transfer", permits: 60, window: TimeSpan.FromMinutes(10));
        service.Limit("streams", permits: 120, window: TimeSpan.FromMinutes(1));
    }

    private static CacheBounds Bounds(ServiceSettings settings) => new(
        Name,
        settings.Number("CACHE_MIB", 48, 1, 1024) * 1_048_576L,
        Entries: 20_000,
        Tags: 100_000,
        TimeSpan.FromSeconds(settings.Number("CACHE_SECONDS", 30, 0, 3600)),
        TimeSpan.FromMinutes(5));
}
