using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Slipway.Sdk.Pages;

namespace Slipway.Web.Tests.Pages;

/// <summary>A small site on disk and a server of its own that serves it beside one endpoint.</summary>
internal sealed class BuiltSite : IAsyncDisposable
{
    public const string Shell = "<!doctype html><title>Shell</title><div id=root></div>";

    private readonly WebApplication _app;

    private BuiltSite(string folder, WebApplication app)
    {
        (Folder, _app) = (folder, app);
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

        // Nothing is decompressed on the way, so that a test sees what was sent.
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(address) };
    }

    public string Folder { get; }

    public HttpClient Client { get; }

    public static async Task<BuiltSite> StartAsync(PagesOptions? options = null, bool empty = false)
    {
        var folder = Directory.CreateTempSubdirectory("slipway-pages-").FullName;
        if (!empty)
        {
            Write(folder, "index.html", Shell + new string(' ', 500), compressed: true);
            Write(folder, "assets/index-B7q_x-9Z.js", "console.info('" + new string('a', 4000) + "')", compressed: true);
            Write(folder, "assets/inter-C0ffee12.woff2", "not really a font", compressed: false);
            Write(folder, "robots.txt", "User-agent: *", compressed: false);
        }

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapPages(folder, options);
        app.MapGet("/known", () => "an endpoint");
        app.MapPost("/api/v1/things", () => "made");
        await app.StartAsync();
        return new BuiltSite(folder, app);
    }

    public async Task<HttpResponseMessage> GetAsync(string path, string? accept = null, string? knows = null, HttpMethod? method = null)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Accept", "text/html,*/*;q=0.8");
        if (accept is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept-Encoding", accept);
        }

        if (knows is not null)
        {
            request.Headers.TryAddWithoutValidation("If-None-Match", knows);
        }

        return await Client.SendAsync(request);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private static void Write(string folder, string name, string text, bool compressed)
    {
        var path = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var bytes = Encoding.UTF8.GetBytes(text);
        File.WriteAllBytes(path, bytes);
        if (!compressed)
        {
            return;
        }

        using (var gzip = new GZipStream(File.Create(path + ".gz"), CompressionLevel.SmallestSize))
        {
            gzip.Write(bytes);
        }

        using var brotli = new BrotliStream(File.Create(path + ".br"), CompressionLevel.SmallestSize);
        brotli.Write(bytes);
    }
}
