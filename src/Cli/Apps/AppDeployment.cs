using Slipway.Cli.Connection;
using Slipway.Cli.Deploy;
using Slipway.Cli.Resources;
using Slipway.Cli.Terminal;
using Slipway.Model.Resources;
using Slipway.Store.Installation;

namespace Slipway.Cli.Apps;

/// <summary>Brings the applications that come with Slipway onto a running installation; what is there already costs a look at the sources.</summary>
internal sealed class AppDeployment(StateFolder folder, string root, TerminalWriter console)
{
    private const string Namespace = "default";

    private readonly AppRecords _records = new(folder.Root);

    /// <returns>The worst exit code; one application that fails does not keep the others from being deployed.</returns>
    public async Task<int> RunAsync(IReadOnlyList<BundledApp> apps, bool evenIfUnchanged, CancellationToken cancellation)
    {
        using var api = ApiClient.Connect(folder);
        var due = new List<(BundledApp App, string Mark)>();
        foreach (var app in apps)
        {
            var mark = SourceMark.Of(root, app.Sources);
            if (evenIfUnchanged || _records.Find(app.Name) != mark || !await IsThereAsync(api, app, cancellation))
            {
                due.Add((app, mark));
            }
        }

        var images = new ImageBuilder(folder, api.Status, console);
        await images.PrepareAsync((await Task.WhenAll(due.Select(one => ReadAsync(one.App, cancellation)))).SelectMany(manifests => manifests), cancellation);
        var exitCode = ExitCodes.Success;
        foreach (var (app, mark) in due)
        {
            console.Progress($"deploying {app.Name}: {app.About}");
            try
            {
                await DeployAsync(api, app, images, cancellation);
                _records.Keep(app.Name, mark);
            }
            catch (CliFailure failure)
            {
                console.Fail($"{app.Name} was not deployed: {failure.Message} Try again with `slipway apps deploy {app.Name}`.");
                exitCode = Math.Max(exitCode, failure.ExitCode);
            }
        }

        return exitCode;
    }

    /// <summary>Name and URL of every service of the applications that are deployed.</summary>
    public async Task<IReadOnlyList<(string App, string Service, string Url, string State)>> ListAsync(IReadOnlyList<BundledApp> apps, CancellationToken cancellation)
    {
        using var api = ApiClient.Connect(folder);
        var rows = new List<(string, string, string, string)>();
        foreach (var app in apps)
        {
            foreach (var name in await ServicesAsync(app, cancellation))
            {
                var service = await api.FindAsync(ResourcePaths.Item(Kinds.Service, Namespace, name), cancellation);
                var ready = service is null ? null : ServiceReadiness.Condition(service, "Ready");
                var state = service is null ? "not deployed" : (string?)ready?["status"] switch { "True" => "ready", "False" => $"failed: {(string?)ready?["reason"]}", _ => "starting" };
                rows.Add((app.Name, name, PublicUrl(api.Status, name), state));
            }
        }

        return rows;
    }

    private async Task DeployAsync(ApiClient api, BundledApp app, ImageBuilder images, CancellationToken cancellation)
    {
        var quiet = new TerminalWriter(TextWriter.Null, console.Error);
        foreach (var manifest in app.Manifests)
        {
            var manifests = await Manifests.ReadAsync(Path.Combine(root, manifest), cancellation);
            if (await ApplyCommand.ApplyAsync(api, manifests, images, Namespace, wait: true, quiet, cancellation) is not ExitCodes.Success and var code)
            {
                throw new CliFailure("a service of it did not become ready.", code);
            }
        }
    }

    private async Task<bool> IsThereAsync(ApiClient api, BundledApp app, CancellationToken cancellation)
    {
        foreach (var name in await ServicesAsync(app, cancellation))
        {
            if (await api.FindAsync(ResourcePaths.Item(Kinds.Service, Namespace, name), cancellation) is null)
            {
                return false;
            }
        }

        return true;
    }

    private async Task<List<string>> ServicesAsync(BundledApp app, CancellationToken cancellation)
    {
        var names = new List<string>();
        foreach (var manifest in await ReadAsync(app, cancellation))
        {
            var place = ResourcePaths.Of(manifest.Content, Namespace);
            if (place.Kind == Kinds.Service)
            {
                names.Add(place.Name);
            }
        }

        return names;
    }

    private async Task<List<Manifest>> ReadAsync(BundledApp app, CancellationToken cancellation)
    {
        var all = new List<Manifest>();
        foreach (var file in app.Manifests)
        {
            all.AddRange(await Manifests.ReadAsync(Path.Combine(root, file), cancellation));
        }

        return all;
    }

    /// <summary>The short name that people type; services of the namespace <c>default</c> have one.</summary>
    private static string PublicUrl(InstallationStatus status, string service) =>
        status.Urls.TryGetValue("gateway", out var gateway) && Uri.TryCreate(gateway, UriKind.Absolute, out var url)
            ? $"{url.Scheme}://{service}.{url.Authority}"
            : "";
}
