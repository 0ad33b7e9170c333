using System.Diagnostics;
using System.Globalization;
using Slipway.Api.Access;
using Slipway.Api.Tests.Hosting;

namespace Slipway.Api.Tests;

/// <summary>The real gcloud, pointed at this API as its proxy, because it prefixes the host name with the region. Skipped where it is missing.</summary>
public sealed class GcloudTests : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(120);

    private readonly string _home = Directory.CreateTempSubdirectory("slipway-gcloud-").FullName;

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Fact]
    public async Task Services_are_deployed_listed_and_described()
    {
        Assert.SkipWhen(Find() is null, "gcloud is not on the PATH");
        await using var api = await ApiHost.StartAsync(settings => settings.Access = new AccessOptions
        {
            Tokens = [new StaticToken(ApiHost.AdminToken, ApiHost.Somebody)],
        });
        await RunAsync(api, "deploy", "hello", "--image=example.test/hello:1", "--allow-unauthenticated", "--async");
        Assert.Contains("hello", await RunAsync(api, "services", "list"));
        var shown = await RunAsync(api, "services", "describe", "hello", "--format=value(spec.template.spec.containers[0].image)");
        Assert.Contains("example.test/hello:1", shown);
    }

    private async Task<string> RunAsync(ApiHost api, params string[] arguments)
    {
        var start = new ProcessStartInfo(Find()!, ["run", .. arguments, "--region=local", "--quiet"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _home,
        };
        start.Environment["HOME"] = _home;
        start.Environment["CLOUDSDK_CONFIG"] = Path.Combine(_home, "config");
        start.Environment["CLOUDSDK_AUTH_ACCESS_TOKEN"] = ApiHost.AdminToken;
        start.Environment["CLOUDSDK_CORE_PROJECT"] = "my-project";
        start.Environment["CLOUDSDK_CORE_CHECK_GCE_METADATA"] = "false";
        start.Environment["CLOUDSDK_CORE_DISABLE_USAGE_REPORTING"] = "true";
        start.Environment["CLOUDSDK_CORE_SHOULD_PROMPT_TO_ENABLE_API"] = "false";
        start.Environment["CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK"] = "true";
        start.Environment["CLOUDSDK_API_ENDPOINT_OVERRIDES_RUN"] = "http://run.test/";
        start.Environment["CLOUDSDK_PROXY_TYPE"] = "http";
        start.Environment["CLOUDSDK_PROXY_ADDRESS"] = "127.0.0.1";
        start.Environment["CLOUDSDK_PROXY_PORT"] = api.Address.Port.ToString(CultureInfo.InvariantCulture);
        using var process = Process.Start(start)!;
        try
        {
            using var limit = new CancellationTokenSource(s_limit);
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            var text = await output + await errors;
            Assert.True(process.ExitCode == 0, $"gcloud run {string.Join(' ', arguments)} exited with {process.ExitCode}:\n{text}");
            return text;
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static string? Find() => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, "gcloud"))
        .FirstOrDefault(File.Exists);
}
