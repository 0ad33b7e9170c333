using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Api.Access;
using Slipway.Api.Platform;
using Slipway.Api.Platform.Traffic;
using Slipway.Api.Tests.Hosting;
using Slipway.Api.Tokens;
using Slipway.Control.Autoscaling.Decisions;
using Slipway.Control.Fleet;
using Slipway.Model.Resources;
using Slipway.Registry.Images;
using Slipway.Runtime.Endpoints;
using Slipway.Runtime.InMemory;
using Slipway.Runtime.Instances;
using Slipway.Store;

namespace Slipway.Api.Tests.Platform.World;

/// <summary>Both APIs on one port of their own, over a store, a driver and an image store that are real but small.</summary>
internal sealed class PlatformHost : IAsyncDisposable
{
    public const string AdminToken = "the-administrators-token";
    public const string ViewerToken = "a-viewers-token";
    public const string StrangerToken = "a-strangers-token";

    private readonly WebApplication _app;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("slipway-platform-");
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly CancellationTokenSource _stopping = new();

    private PlatformHost()
    {
        Images = ImageStore.Open(new ImageStoreOptions { Folder = Path.Combine(_folder.FullName, "registry"), DefaultRegistry = null }, TimeProvider.System, NullLoggerFactory.Instance).Value;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        var api = new ApiServices
        {
            Store = Store,
            Logs = Logs,
            Recycler = Recycler,
            Tokens = new TokenIssuer(_key, "https://slipway.test", TimeProvider.System),
            Access = new AccessOptions
            {
                Tokens =
                [
                    new StaticToken(AdminToken, new Caller("ada", [Caller.AdministratorsGroup])),
                    new StaticToken(ViewerToken, new Caller("victor", [])),
                    new StaticToken(StrangerToken, new Caller("strange", [])),
                ],
                Grants = [new Grant("victor", IsGroup: false, Role.Viewer, "default")],
            },
            Random = new Random(1),
            Stopping = _stopping.Token,
        };
        _app.MapKubernetesApi(api);
        _app.MapPlatformApi(new PlatformServices
        {
            Api = api,
            Driver = Driver,
            Health = Driver,
            Endpoints = Endpoints,
            Decisions = Decisions,
            Fleet = () => Fleet,
            Images = Images,
            Traffic = Traffic,
            Usage = Ledger,
            RegistryAddress = "localhost:5999",
        });
    }

    public ResourceStore Store { get; } = ResourceStore.InMemory(TimeProvider.System);

    /// <summary>Nothing becomes ready by itself: tests say when.</summary>
    public MemoryDriver Driver { get; } = new(TimeProvider.System, _ => new InstanceFate { ReadyAfter = null });

    public EndpointDirectory Endpoints { get; } = new();

    public DecisionLog Decisions { get; } = new(new DecisionLogSettings(), TimeProvider.System, NullLoggerFactory.Instance);

    /// <summary>What the fleet counts; tests add what they tell of.</summary>
    public List<RevisionFleetSnapshot> Fleet { get; } = [];

    public ImageStore Images { get; }

    public RecordedTraffic Traffic { get; } = new();

    public ListedUsage Ledger { get; } = new();

    public RecordedLogs Logs { get; } = new();

    public RecordingRecycler Recycler { get; } = new();

    public HttpClient Client { get; } = new() { Timeout = TimeSpan.FromSeconds(60) };

    public static async Task<PlatformHost> StartAsync()
    {
        var host = new PlatformHost();
        Assert.Null(await KubernetesApi.EnsureDefaultNamespaceAsync(host.Store, CancellationToken.None));
        await host._app.StartAsync();
        host.Client.BaseAddress = new Uri(host._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        return host;
    }

    public async Task<PlatformAnswer> SendAsync(HttpMethod method, string path, string? body = null, string? token = AdminToken, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        if (token is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await Client.SendAsync(request);
        var all = response.Headers.Concat(response.Content.Headers).ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
        return new PlatformAnswer(response.StatusCode, all, await response.Content.ReadAsStringAsync());
    }

    public Task<PlatformAnswer> GetAsync(string path, string? token = AdminToken) => SendAsync(HttpMethod.Get, path, null, token);

    public Task<PlatformAnswer> PostAsync(string path, string body = "{}") => SendAsync(HttpMethod.Post, path, body);

    public Task<PlatformAnswer> PutAsync(string path, string body) => SendAsync(HttpMethod.Put, path, body);

    public Task<PlatformAnswer> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path);

    /// <summary>A service with one revision that takes all its traffic, as its reconcilers would leave them.</summary>
    public async Task<Resource> ServiceAsync(string name, string @namespace = "default", string ready = "True")
    {
        var service = await StoreAsync(Kinds.Service, $$$$"""
            {"metadata":{"name":"{{{{name}}}}","namespace":"{{{{@namespace}}}}"},
             "spec":{"template":{"spec":{"containers":[{"image":"example.test/{{{{name}}}}:1"}]}}},
             "status":{"url":"http://{{{{name}}}}.{{{{@namespace}}}}.localhost:8080","address":{"url":"http://{{{{name}}}}.{{{{@namespace}}}}.svc"},
               "conditions":[{"type":"Ready","status":"{{{{ready}}}}","message":"as the test says"}],
               "traffic":[{"revisionName":"{{{{name}}}}-00001","percent":100}]}}
            """);
        await RevisionAsync(service, $"{name}-00001");
        return service;
    }

    public Task<Resource> RevisionAsync(Resource service, string name) => StoreAsync(Kinds.Revision, $$$"""
        {"metadata":{"name":"{{{name}}}","namespace":"{{{service.Namespace}}}","labels":{
          "serving.knative.dev/service":"{{{service.Name}}}","serving.knative.dev/serviceUID":"{{{service.Uid}}}",
          "serving.knative.dev/configuration":"{{{service.Name}}}","serving.knative.dev/routingState":"active"}},
         "spec":{"containers":[{"image":"example.test/{{{service.Name}}}:1"}]},
         "status":{"conditions":[{"type":"Ready","status":"True"}]}}
        """);

    /// <summary>Starts an instance of a revision; it is starting until a test makes it ready.</summary>
    public async Task<InstanceState> InstanceAsync(string revision, string suffix, string @namespace = "default")
    {
        var owner = Store.Get(new ResourceKey(Kinds.Revision, @namespace, revision))!;
        var started = await Driver.StartAsync(
            new InstanceSpec
            {
                Id = $"{revision}-deployment-{suffix}",
                Namespace = @namespace,
                Owner = revision,
                OwnerUid = owner.Uid,
                OwnerKind = "Revision",
                ContainerName = "user-container",
                Image = $"example.test/app@sha256:{new string('0', 64)}",
                Runnable = new RunnableImage("/", true, ["app"], [], [], null, null),
                CpuLimit = 0.5,
                MemoryLimitBytes = 256L << 20,
                Labels = owner.Metadata.Labels!,
            },
            CancellationToken.None);
        return started.Value;
    }

    public async Task<InstanceState> ReadyInstanceAsync(string revision, string suffix, string @namespace = "default")
    {
        var instance = await InstanceAsync(revision, suffix, @namespace);
        Driver.SetReady(instance.Id, true);
        var key = new RevisionKey(@namespace, revision);
        Endpoints.Publish(new RevisionEndpoints(key, Endpoints.Find(key).Ready.Add(new Endpoint(instance.Id, instance.Address!)), 80, false));
        return instance;
    }

    public async Task<Resource> StoreAsync(ResourceKind kind, string manifest)
    {
        var draft = Resource.FromJson(kind, (JsonObject)JsonNode.Parse(manifest)!);
        if (kind.Namespaced && Store.Get(new ResourceKey(Kinds.Namespace, "", draft.Namespace)) is null)
        {
            await Store.CreateAsync(new Resource(Kinds.Namespace, new ObjectMeta { Name = draft.Namespace }, "{}"u8.ToArray()), WriteOptions.Default, CancellationToken.None);
        }

        return (await Store.CreateAsync(draft, WriteOptions.Default, CancellationToken.None)).Value;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        Client.Dispose();
        await _app.DisposeAsync();
        await Store.DisposeAsync();
        Driver.Dispose();
        Images.Dispose();
        _stopping.Dispose();
        _key.Dispose();
        _folder.Delete(recursive: true);
    }
}

internal sealed record PlatformAnswer(HttpStatusCode Code, IReadOnlyDictionary<string, string> Headers, string Text)
{
    public JsonObject Json => (JsonObject)JsonNode.Parse(Text)!;

    public IReadOnlyList<JsonNode> Items => [.. Json["items"]!.AsArray().Select(item => item!)];

    /// <summary>What stands at a path such as <c>items/0/name</c>, as text.</summary>
    public string? At(string path)
    {
        JsonNode? here = Json;
        foreach (var part in path.Split('/'))
        {
            here = here is JsonArray list ? list[int.Parse(part)] : here?[part];
        }

        return here?.ToString();
    }

    public PlatformAnswer Expect(HttpStatusCode code)
    {
        Assert.True(Code == code, $"expected {code}, got {Code}: {Text}");
        return this;
    }

    /// <summary>A refusal in the one form all refusals have.</summary>
    public PlatformAnswer ExpectProblem(HttpStatusCode status, string code)
    {
        Expect(status);
        Assert.Equal("application/problem+json", Headers["Content-Type"]);
        Assert.Equal(((int)status).ToString(), At("status"));
        Assert.Equal(code, At("code"));
        Assert.StartsWith("/problems/", At("type"));
        Assert.NotEmpty(At("title")!);
        Assert.NotEmpty(At("detail")!);
        Assert.Equal(Headers["X-Request-Id"], At("requestId"));
        return this;
    }
}

internal sealed class RecordedTraffic : ITrafficReport
{
    public ConcurrentDictionary<string, ServiceTrafficReport> Services { get; } = new();

    public ConcurrentDictionary<string, InstanceTrafficReport> Instances { get; } = new();

    public ServiceTrafficReport Service(string @namespace, string service) => Services.GetValueOrDefault($"{@namespace}/{service}", ServiceTrafficReport.None);

    public InstanceTrafficReport Instance(string instanceId) => Instances.GetValueOrDefault(instanceId, InstanceTrafficReport.None);
}
