using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Registry.Content;
using Slipway.Registry.Distribution;
using Slipway.Registry.Images;

namespace Slipway.Registry.Tests;

/// <summary>A registry behind a real listener on a port of its own, with a folder of its own.</summary>
internal sealed class RegistryHost : IAsyncDisposable
{
    public const string Owner = "ada";
    public const string Secret = "lovelace";

    private readonly WebApplication _app;
    private readonly TemporaryFolder _folder;

    private RegistryHost(WebApplication app, TemporaryFolder folder, ImageStore store, ManualTime time)
    {
        (_app, _folder, Store, Time) = (app, folder, store, time);
        Address = new Uri(app.Services.GetRequiredService<Microsoft.AspNetCore.Hosting.Server.IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        Http = new HttpClient { BaseAddress = Address };
    }

    public ImageStore Store { get; }

    public ManualTime Time { get; }

    public Uri Address { get; }

    public HttpClient Http { get; }

    public string Folder => _folder.Path;

    public static async Task<RegistryHost> StartAsync(LoopbackAccess loopback = LoopbackAccess.PullAndPush, Func<ImageStoreOptions, ImageStoreOptions>? change = null)
    {
        var folder = new TemporaryFolder();
        var time = new ManualTime();
        var options = new ImageStoreOptions { Folder = folder.Path, DefaultRegistry = null };
        var store = ImageStore.Open(change is null ? options : change(options), time, NullLoggerFactory.Instance).Value;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseSetting("urls", "http://127.0.0.1:0");
        var app = builder.Build();
        app.MapRegistry(store, VerifyAsync, loopback);
        await app.StartAsync();
        return new RegistryHost(app, folder, store, time);
    }

    public async Task<string> PushBlobAsync(string repository, byte[] content)
    {
        var digest = Digest.Of(content).ToString();
        using var response = await Http.PostAsync($"/v2/{repository}/blobs/uploads/?digest={digest}", Bytes(content));
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        return digest;
    }

    public Task<HttpResponseMessage> PutManifestAsync(string repository, string reference, string json, string mediaType = Documents.Oci) =>
        Http.PutAsync($"/v2/{repository}/manifests/{reference}", new StringContent(json, Encoding.UTF8, new MediaTypeHeaderValue(mediaType)));

    /// <summary>Pushes a small but complete image and gives its digest.</summary>
    public async Task<string> PushImageAsync(string repository, string tag, string content = "layer")
    {
        var config = await PushBlobAsync(repository, Encoding.UTF8.GetBytes($$"""{"architecture":"amd64","os":"linux","config":{"Env":["WHAT={{content}}"]} }"""));
        var layer = await PushBlobAsync(repository, TarBytes.Of(tar => tar.File("hello.txt", content)));
        using var response = await PutManifestAsync(repository, tag, Documents.Manifest(config, layer));
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        return response.Headers.GetValues("Docker-Content-Digest").Single();
    }

    public static ByteArrayContent Bytes(byte[] content)
    {
        var body = new ByteArrayContent(content);
        body.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        return body;
    }

    public static AuthenticationHeaderValue Basic(string name, string secret) => new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name}:{secret}")));

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        Store.Dispose();
        _folder.Dispose();
    }

    /// <summary>Ada may do everything; Bob may only read what is below "public".</summary>
    private static ValueTask<RegistryCaller?> VerifyAsync(string name, string secret, CancellationToken cancellation) => ValueTask.FromResult((name, secret) switch
    {
        (Owner, Secret) => new RegistryCaller(name, (_, _) => true),
        ("bob", "builder") => new RegistryCaller(name, (repository, action) => action == RegistryAction.Pull && repository.StartsWith("public/", StringComparison.Ordinal)),
        _ => (RegistryCaller?)null,
    });
}
