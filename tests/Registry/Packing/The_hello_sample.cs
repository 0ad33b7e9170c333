using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Slipway.Registry.Packing;

namespace Slipway.Registry.Tests.Packing;

/// <summary>The whole way: from source to an image, to a folder, to a process that answers and stops when told.</summary>
public sealed class The_hello_sample
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Is_published_to_the_same_digest_twice_and_runs_from_the_registry()
    {
        using var source = CopyOfSample();
        await using var registry = await RegistryHost.StartAsync();
        var first = await PublishAsync(source, registry, "one");
        Directory.Delete(Path.Combine(source.Path, "obj", "Release"), recursive: true);
        Directory.Delete(Path.Combine(source.Path, "bin"), recursive: true);

        var second = await PublishAsync(source, registry, "two");

        Assert.Equal(first, second);
        var image = (await registry.Store.PrepareAsync(second, CancellationToken.None)).Value;
        Assert.True(image.HostProcess);
        Assert.Equal(["dotnet", "Hello.dll"], image.Entrypoint);
        await AnswersAsync(image.Root + image.WorkingDir, image.Entrypoint);
    }

    private static async Task AnswersAsync(string folder, IReadOnlyList<string> command)
    {
        var port = FreePort();
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { WorkingDirectory = folder };
        start.Environment["PORT"] = port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        start.Environment["K_REVISION"] = "hello-00007";
        start.Environment["MESSAGE"] = "Ahoy";
        start.Environment["PASSWORD"] = "swordfish";
        using var process = Process.Start(start)!;
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = s_patience };
        try
        {
            await UntilItAnswersAsync(http);

            Assert.Contains("Ahoy from hello-00007", await http.GetStringAsync("/"), StringComparison.Ordinal);
            Assert.Equal(70_000, (await http.GetByteArrayAsync("/size?bytes=70000")).Length);
            Assert.Equal("{\"milliseconds\":1}", await http.GetStringAsync("/slow?ms=1"));
            Assert.Contains("ready", await http.GetStringAsync("/ready"), StringComparison.Ordinal);
            Assert.Contains("live", await http.GetStringAsync("/live"), StringComparison.Ordinal);
            var environment = await http.GetStringAsync("/env");
            Assert.Contains("PASSWORD", environment, StringComparison.Ordinal);
            Assert.DoesNotContain("swordfish", environment, StringComparison.Ordinal);
            Assert.Equal("id: 1\ndata: 1\n\nid: 2\ndata: 2\n\n", await http.GetStringAsync("/sse?count=2&everyMs=0"));
            using var echoed = await http.PostAsync("/echo", new StringContent("body", Encoding.UTF8));
            Assert.Equal("body", await echoed.Content.ReadAsStringAsync());
            Assert.Equal("over the wire", await OverWebSocketAsync(port, "over the wire"));

            using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
            using var limit = new CancellationTokenSource(s_patience);
            await process.WaitForExitAsync(limit.Token);
            Assert.Equal(0, process.ExitCode);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync();
            }
        }
    }

    private static async Task UntilItAnswersAsync(HttpClient http)
    {
        using var limit = new CancellationTokenSource(s_patience);
        while (true)
        {
            try
            {
                using var response = await http.GetAsync("/ready", limit.Token);
                if (response.StatusCode == HttpStatusCode.OK)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token);
        }
    }

    private static async Task<string> OverWebSocketAsync(int port, string text)
    {
        using var limit = new CancellationTokenSource(s_patience);
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{port}/ws"), limit.Token);
        await socket.SendAsync(Encoding.UTF8.GetBytes(text).AsMemory(), WebSocketMessageType.Text, endOfMessage: true, limit.Token);
        var buffer = new byte[1024];
        var received = await socket.ReceiveAsync(buffer.AsMemory(), limit.Token);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, limit.Token);
        return Encoding.UTF8.GetString(buffer, 0, received.Count);
    }

    private static async Task<string> PublishAsync(TemporaryFolder source, RegistryHost registry, string tag)
    {
        using var temporary = new TemporaryFolder();
        var project = ProjectReference.Find("dotnet://.", source.Path).Value;
        var published = await new ProjectPublisher(temporary.Path, TimeSpan.FromMinutes(5), TimeProvider.System).PublishAsync(project, new Progress<string>(), CancellationToken.None);
        Assert.True(published.Succeeded, published.Failure?.Detail);
        using var output = published.Value;
        using var packed = (await new ImagePacker(temporary.Path).PackFolderAsync(output.Folder, output.Settings, CancellationToken.None)).Value;
        var imported = await registry.Store.ImportAsync(packed, "hello", tag, CancellationToken.None);
        Assert.True(imported.Succeeded, imported.Failure?.Detail);
        return imported.Value;
    }

    private static TemporaryFolder CopyOfSample()
    {
        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "Slipway.slnx")))
        {
            root = Path.GetDirectoryName(root.TrimEnd('/')) ?? throw new InvalidOperationException("The tests do not lie inside the repository.");
        }

        var folder = new TemporaryFolder();
        foreach (var file in Directory.EnumerateFiles(Path.Combine(root, "samples", "hello")))
        {
            File.Copy(file, Path.Combine(folder.Path, Path.GetFileName(file)));
        }

        return folder;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
