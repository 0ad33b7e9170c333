using System.Text.Json.Nodes;
using Slipway.Cli.Resources;
using Slipway.Cli.Terminal;
using Slipway.Model.Failures;
using Slipway.Registry.Images;
using Slipway.Registry.Packing;
using Slipway.Store.Installation;

namespace Slipway.Cli.Deploy;

/// <summary>From sources to an image in the installation's registry, named by its digest so that a revision can never change under way.</summary>
internal sealed class ImageBuilder(StateFolder folder, InstallationStatus status, TerminalWriter console)
{
    /// <summary>The registry's own tag for what was pushed last; revisions go by digest.</summary>
    private const string LatestTag = "latest";

    /// <summary>What this run has built: a migration and the service it belongs to are one image, built once.</summary>
    private readonly Dictionary<string, string> _built = new(StringComparer.Ordinal);

    /// <summary>What was built together and is not packed yet, by project file.</summary>
    private IReadOnlyDictionary<string, PublishedProject> _together = new Dictionary<string, PublishedProject>();

    private static readonly TimeSpan s_publishLimit = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan s_jointLimit = TimeSpan.FromMinutes(15);

    /// <summary>For one answer of the registry; a layer may take longer as long as it moves.</summary>
    private static readonly TimeSpan s_pushLimit = TimeSpan.FromSeconds(60);

    /// <summary>Builds the projects of many manifests together, which is much quicker than one after the other.</summary>
    public async Task PrepareAsync(IEnumerable<Manifest> manifests, CancellationToken cancellation)
    {
        var projects = manifests
            .SelectMany(manifest => Containers(manifest.Content).Select(container => (Image: (string?)container["image"], manifest.Folder)))
            .Where(found => found.Image is not null && ProjectReference.IsOne(found.Image))
            .Select(found => ProjectReference.Find(found.Image!, found.Folder))
            .Where(found => found.Succeeded).Select(found => found.Value)
            .DistinctBy(project => project.ProjectFile).ToList();
        if (projects.Count > 1)
        {
            console.Progress($"building {projects.Count} programs");
            _together = await new JointPublisher(Path.GetTempPath(), s_jointLimit, TimeProvider.System).PublishAsync(projects, new Progress<string>(), cancellation);
        }
    }

    /// <summary>Every <c>dotnet://PROJECT</c> of a manifest becomes the digest of the image built from it.</summary>
    public async Task ReplaceProjectsAsync(Manifest manifest, CancellationToken cancellation)
    {
        foreach (var container in Containers(manifest.Content))
        {
            if ((string?)container["image"] is { } image && ProjectReference.IsOne(image))
            {
                var project = Checked(ProjectReference.Find(image, manifest.Folder));
                container["image"] = await FromProjectAsync(project, project.Name.ToLowerInvariant(), cancellation);
            }
        }
    }

    public Task<string> FromProjectAsync(string path, string repository, CancellationToken cancellation) =>
        FromProjectAsync(Checked(ProjectReference.Find($"{ProjectReference.Scheme}{Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)))}", Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)))!)), repository, cancellation);

    public async Task<string> FromFolderAsync(string program, IReadOnlyList<string> command, string repository, CancellationToken cancellation) =>
        await PackAndPushAsync(program, new PackSettings { Entrypoint = command }, repository, cancellation);

    private async Task<string> FromProjectAsync(ProjectReference project, string repository, CancellationToken cancellation)
    {
        var key = $"{repository} {project.ProjectFile}";
        if (!_built.TryGetValue(key, out var image))
        {
            image = await BuildAsync(project, repository, cancellation);
            _built.Add(key, image);
        }

        return image;
    }

    private async Task<string> BuildAsync(ProjectReference project, string repository, CancellationToken cancellation)
    {
        using var published = _together.GetValueOrDefault(project.ProjectFile) ?? await PublishAsync(project, cancellation);
        return await PackAndPushAsync(published.Folder, published.Settings, repository, cancellation);
    }

    private async Task<PublishedProject> PublishAsync(ProjectReference project, CancellationToken cancellation)
    {
        console.Progress($"building {project.Name}");
        var publisher = new ProjectPublisher(Path.GetTempPath(), s_publishLimit, TimeProvider.System);
        return Checked(await publisher.PublishAsync(project, new Progress<string>(), cancellation));
    }

    private async Task<string> PackAndPushAsync(string content, PackSettings settings, string repository, CancellationToken cancellation)
    {
        using var image = Checked(await new ImagePacker(Path.GetTempPath()).PackFolderAsync(content, settings, cancellation));
        var registry = status.Urls.TryGetValue("registry", out var url) ? new Uri(url) : throw new CliFailure($"the installation in {folder.Root} has no registry.");
        var credential = new RemoteCredential("slipway", (await File.ReadAllTextAsync(folder.AdminToken, cancellation)).Trim());
        console.Progress($"pushing {image.LayerBytes / 1024.0 / 1024.0:0.0} MiB");
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = Timeout.InfiniteTimeSpan };
        var pusher = new ImagePusher(http, s_pushLimit, TimeProvider.System);
        return Checked(await pusher.PushAsync(image, registry, repository, LatestTag, credential, new Progress<string>(), cancellation));
    }

    /// <summary>Pod templates stand at different depths in Services, Jobs and CronJobs; the containers are what they share.</summary>
    private static IEnumerable<JsonObject> Containers(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(member => member is { Key: "containers", Value: JsonArray list }
            ? list.OfType<JsonObject>()
            : Containers(member.Value)),
        JsonArray items => items.SelectMany(Containers),
        _ => [],
    };

    private static T Checked<T>(Outcome<T> outcome) => outcome.Succeeded ? outcome.Value : throw new CliFailure(outcome.Failure!.Detail);
}
