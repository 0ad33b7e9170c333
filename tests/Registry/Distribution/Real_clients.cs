using System.Diagnostics;
using System.Text;
using Slipway.Registry.Content;
using Slipway.Registry.Distribution;

namespace Slipway.Registry.Tests.Distribution;

/// <summary>What matters in the end: a client that others wrote gets along with this registry.</summary>
public sealed class Real_clients
{
    [Theory]
    [InlineData(LoopbackAccess.PullAndPush)]
    [InlineData(LoopbackAccess.None)]
    public async Task Skopeo_pushes_copies_inspects_pulls_and_deletes(LoopbackAccess loopback)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/skopeo"), "skopeo is not installed (apt-get install skopeo)");
        await using var registry = await RegistryHost.StartAsync(loopback);
        using var folder = new TemporaryFolder();
        var source = OciLayout(folder, "source");
        var address = registry.Address.Authority;
        string[] login = loopback == LoopbackAccess.None ? [$"{RegistryHost.Owner}:{RegistryHost.Secret}"] : [];

        await SkopeoAsync(folder, ["copy", .. Flags("--dest-creds", login), "--dest-tls-verify=false", $"oci:{source}:v1", $"docker://{address}/team/app:v1"]);
        await SkopeoAsync(folder, ["copy", .. Flags("--src-creds", login), .. Flags("--dest-creds", login), "--src-tls-verify=false", "--dest-tls-verify=false",
            $"docker://{address}/team/app:v1", $"docker://{address}/other/copy:v2"]);
        var seen = await SkopeoAsync(folder, ["inspect", .. Flags("--creds", login), "--tls-verify=false", $"docker://{address}/other/copy:v2"]);
        await SkopeoAsync(folder, ["copy", .. Flags("--src-creds", login), "--src-tls-verify=false", $"docker://{address}/other/copy:v2", $"oci:{folder.Path}/pulled:v2"]);
        var tags = await SkopeoAsync(folder, ["list-tags", .. Flags("--creds", login), "--tls-verify=false", $"docker://{address}/team/app"]);
        await SkopeoAsync(folder, ["delete", .. Flags("--creds", login), "--tls-verify=false", $"docker://{address}/team/app:v1"]);

        Assert.Contains("\"GREETING=hi\"", seen, StringComparison.Ordinal);
        Assert.Contains("\"v1\"", tags, StringComparison.Ordinal);
        Assert.Equal(Blobs(source), Blobs(Path.Combine(folder.Path, "pulled")));
        var left = await registry.Store.ListAsync(CancellationToken.None);
        Assert.Equal(["other/copy:v2"], left.Select(image => $"{image.Repository}:{image.Tag}"));
    }

    [Fact]
    public async Task Skopeo_is_refused_with_a_wrong_secret()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/skopeo"), "skopeo is not installed (apt-get install skopeo)");
        await using var registry = await RegistryHost.StartAsync(LoopbackAccess.None);
        using var folder = new TemporaryFolder();

        var (code, output) = await RunAsync(folder, ["inspect", "--creds", "ada:wrong", "--tls-verify=false", $"docker://{registry.Address.Authority}/app:latest"]);

        Assert.NotEqual(0, code);
        Assert.Contains("unauthorized", output, StringComparison.OrdinalIgnoreCase);
    }

    private static string[] Flags(string name, string[] login) => login.Length == 0 ? [] : [name, login[0]];

    private static string[] Blobs(string layout) => [.. Directory.EnumerateFiles(Path.Combine(layout, "blobs", "sha256")).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private static async Task<string> SkopeoAsync(TemporaryFolder folder, string[] arguments)
    {
        var (code, output) = await RunAsync(folder, arguments);
        Assert.True(code == 0, $"skopeo {string.Join(' ', arguments)}: {output}");
        return output;
    }

    private static async Task<(int Code, string Output)> RunAsync(TemporaryFolder folder, string[] arguments)
    {
        var policy = folder.File("policy.json", """{"default":[{"type":"insecureAcceptAnything"}]}""");
        var start = new ProcessStartInfo("/usr/bin/skopeo") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])["--policy", policy, .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["REGISTRY_AUTH_FILE"] = folder.File("auth.json", "{}");
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, await output + await error);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    /// <summary>A complete image on disk, as a build tool would leave it.</summary>
    private static string OciLayout(TemporaryFolder folder, string name)
    {
        string Blob(byte[] content)
        {
            var digest = Digest.Of(content);
            var path = Path.Combine(folder.Path, name, "blobs", "sha256", digest.Hex);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, content);
            return digest.ToString();
        }

        var plain = TarBytes.Of(tar => tar.Folder("etc").File("etc/hello", "hello").File("large", new string('x', 3_000_000)), gzip: false);
        var layer = TarBytes.Of(tar => tar.Folder("etc").File("etc/hello", "hello").File("large", new string('x', 3_000_000)));
        var config = Encoding.UTF8.GetBytes($$$"""{"architecture":"amd64","os":"linux","config":{"Env":["GREETING=hi"]},"rootfs":{"type":"layers","diff_ids":["{{{Digest.Of(plain)}}}"]}}""");
        var (layerDigest, configDigest) = (Blob(layer), Blob(config));
        var manifest = Encoding.UTF8.GetBytes($$$"""
            {"schemaVersion":2,"mediaType":"{{{Documents.Oci}}}","config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"{{{configDigest}}}","size":{{{config.Length}}}},"layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"{{{layerDigest}}}","size":{{{layer.Length}}}}]}
            """);
        var manifestDigest = Blob(manifest);
        folder.File($"{name}/oci-layout", """{"imageLayoutVersion":"1.0.0"}""");
        folder.File($"{name}/index.json", $$$"""{"schemaVersion":2,"manifests":[{"mediaType":"{{{Documents.Oci}}}","digest":"{{{manifestDigest}}}","size":{{{manifest.Length}}},"annotations":{"org.opencontainers.image.ref.name":"v1"}}]}""");
        return Path.Combine(folder.Path, name);
    }
}
