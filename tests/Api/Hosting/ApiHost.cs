using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Slipway.Api.Access;
using Slipway.Api.Tokens;
using Slipway.Model.Resources;
using Slipway.Store;
using Slipway.Store.Journal;

namespace Slipway.Api.Tests.Hosting;

/// <summary>The API on a port of its own, over a store in memory, with a client in front of it.</summary>
internal sealed class ApiHost : IAsyncDisposable
{
    public const string AdminToken = "admin-token-of-this-test";
    public const string ViewerToken = "viewer-token-of-this-test";

    public static readonly Caller Somebody = new("jane@example.test", [Caller.AdministratorsGroup]);

    private readonly WebApplication _app;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private ApiHost(ResourceStore store, Action<ApiHostSettings>? configure)
    {
        Store = store;
        var settings = new ApiHostSettings();
        configure?.Invoke(settings);
        Time = settings.Time;
        Tokens = new TokenIssuer(_key, "https://slipway.test", Time);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            settings.Listen?.Invoke(listen);
        }));
        _app = builder.Build();
        _app.MapKubernetesApi(new ApiServices
        {
            Store = store,
            Logs = Logs,
            Recycler = Recycler,
            Tokens = Tokens,
            Access = settings.Access,
            Time = Time,
            Options = settings.Options,
            Random = new Random(1),
            Stopping = _stopping.Token,
        });
    }

    public ResourceStore Store { get; }

    public TimeProvider Time { get; }

    public TokenIssuer Tokens { get; }

    public RecordedLogs Logs { get; } = new();

    public RecordingRecycler Recycler { get; } = new();

    public Uri Address { get; private set; } = new("http://localhost");

    public HttpClient Client { get; } = new() { Timeout = TimeSpan.FromSeconds(60) };

    public static async Task<ApiHost> StartAsync(Action<ApiHostSettings>? configure = null)
    {
        var settings = new ApiHostSettings();
        configure?.Invoke(settings);
        var host = new ApiHost(ResourceStore.InMemory(settings.Time, settings.Journal), configure);
        Assert.Null(await KubernetesApi.EnsureDefaultNamespaceAsync(host.Store, CancellationToken.None));
        await host._app.StartAsync();
        var address = host._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        host.Address = new Uri(address);
        host.Client.BaseAddress = host.Address;
        return host;
    }

    public async Task<Answer> SendAsync(
        HttpMethod method, string path, string? body = null, string contentType = "application/json", string? accept = null, string? token = null, string? agent = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }

        return await SendAsync(request, accept, token, agent);
    }

    public async Task<Answer> SendAsync(HttpRequestMessage request, string? accept = null, string? token = null, string? agent = null)
    {
        if (accept is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept", accept);
        }

        if (token is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        }

        request.Headers.TryAddWithoutValidation("User-Agent", agent ?? "tester/1.0");
        using var response = await Client.SendAsync(request);
        return new Answer(
            response.StatusCode,
            response.Content.Headers.ContentType?.ToString() ?? "",
            await response.Content.ReadAsByteArrayAsync(),
            response.Headers.TryGetValues("Warning", out var warnings) ? [.. warnings] : []);
    }

    public Task<Answer> GetAsync(string path, string? accept = null) => SendAsync(HttpMethod.Get, path, accept: accept);

    public Task<Answer> PostAsync(string path, string body) => SendAsync(HttpMethod.Post, path, body);

    public Task<Answer> PutAsync(string path, string body) => SendAsync(HttpMethod.Put, path, body);

    public Task<Answer> PatchAsync(string path, string contentType, string body) => SendAsync(HttpMethod.Patch, path, body, contentType);

    public Task<Answer> DeleteAsync(string path, string? body = null) => SendAsync(HttpMethod.Delete, path, body);

    /// <summary>Writes past the API, as a reconciler does.</summary>
    public async Task<Resource> StoreAsync(Resource resource)
    {
        var current = Store.Get(resource.Key);
        var written = current is null
            ? await Store.CreateAsync(resource, WriteOptions.Default, CancellationToken.None)
            : await Store.ReplaceAsync(
                resource.With(resource.Metadata with { ResourceVersion = current.Metadata.ResourceVersion }), WriteOptions.Default, CancellationToken.None);
        return written.Value;
    }

    public async Task<Resource> SetStatusAsync(ResourceKey key, string status)
    {
        var current = Store.Get(key)!;
        return await StoreAsync(current.WithRaw("status", Encoding.UTF8.GetBytes(status)));
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        Client.Dispose();
        await _app.DisposeAsync();
        await Store.DisposeAsync();
        _stopping.Dispose();
        _key.Dispose();
    }
}

internal sealed class ApiHostSettings
{
    public TimeProvider Time { get; set; } = TimeProvider.System;

    public ApiOptions Options { get; set; } = new();

    /// <summary>By default every caller without credentials is an administrator, as on a laptop.</summary>
    public AccessOptions Access { get; set; } = new() { Anonymous = ApiHost.Somebody };

    public Action<ListenOptions>? Listen { get; set; }

    /// <summary>Two hosts over one journal, one after the other, are one server before and after a restart.</summary>
    public InMemoryJournal? Journal { get; set; }
}

internal sealed record Answer(HttpStatusCode Code, string ContentType, byte[] Bytes, IReadOnlyList<string> Warnings)
{
    public string Text => Encoding.UTF8.GetString(Bytes);

    public JsonObject Json => (JsonObject)JsonNode.Parse(Bytes)!;

    public string? At(params string[] path)
    {
        JsonNode? here = Json;
        foreach (var part in path)
        {
            here = here is JsonArray list ? list[int.Parse(part)] : here?[part];
        }

        return here?.ToString();
    }

    public Answer Expect(HttpStatusCode code)
    {
        Assert.True(Code == code, $"expected {code}, got {Code}: {Text}");
        return this;
    }
}
