namespace Slipway.Registry.Images;

/// <summary>A name and a secret for another registry.</summary>
public sealed record RemoteCredential(string Name, string Secret)
{
    public override string ToString() => $"{Name} [secret]";
}

/// <summary>What the composition root decides about images.</summary>
public sealed record ImageStoreOptions
{
    /// <summary>The folder for everything the registry keeps, usually <c>{state}/registry</c>.</summary>
    public required string Folder { get; init; }

    /// <summary>Hosts that mean this registry, besides short names: its own address and names other tools use for "local".</summary>
    public IReadOnlyList<string> LocalHosts { get; init; } =
        ["localhost:5000", "127.0.0.1:5000", "registry.localhost:5000", "dev.local", "ko.local", "kind.local"];

    /// <summary>Where short names are looked up when the local registry does not have them; null for nowhere.</summary>
    public string? DefaultRegistry { get; init; } = "docker.io";

    /// <summary>Hosts that are spoken to without TLS. Loopback addresses always are, as other tools do it too.</summary>
    public IReadOnlyList<string> PlainHttpHosts { get; init; } = [];

    /// <summary>Credentials for another registry, by host; null for anonymous.</summary>
    public Func<string, RemoteCredential?> Credentials { get; init; } = _ => null;

    /// <summary>
    /// The digests (<c>sha256:…</c>) that serve or can be rolled back to; the distribution API refuses to delete these manifests.
    /// </summary>
    public Func<CancellationToken, ValueTask<IReadOnlySet<string>>> DigestsInUse { get; init; } = _ => ValueTask.FromResult<IReadOnlySet<string>>(new HashSet<string>());

    /// <summary>How long another registry may take to answer a question. Content may take longer as long as it keeps coming.</summary>
    public TimeSpan RemoteTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Uploads open at a time: enough for ten clients that push six layers each; each costs a file and a small buffer.</summary>
    public int UploadsMax { get; init; } = 64;

    /// <summary>An upload nobody writes to for this long is dropped.</summary>
    public TimeSpan UploadIdleAge { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Content that nothing refers to is kept this long, so that a push or a deployment in flight is safe.</summary>
    public TimeSpan GraceAge { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The bytes an image may have when it is laid out as a folder.</summary>
    public long UnpackedBytesMax { get; init; } = 20L * 1024 * 1024 * 1024;

    /// <summary>The files and folders an image may have.</summary>
    public int UnpackedEntriesMax { get; init; } = 500_000;

    /// <summary>Every problem at once, each with the option's name.</summary>
    public IReadOnlyList<string> Problems()
    {
        var problems = new List<string>();
        AtLeast(nameof(RemoteTimeout), RemoteTimeout, TimeSpan.FromSeconds(1));
        AtLeast(nameof(UploadIdleAge), UploadIdleAge, TimeSpan.FromSeconds(10));
        AtLeast(nameof(GraceAge), GraceAge, TimeSpan.FromMinutes(1));
        AtLeast(nameof(UploadsMax), UploadsMax, 1);
        AtLeast(nameof(UnpackedBytesMax), UnpackedBytesMax, 1024 * 1024);
        AtLeast(nameof(UnpackedEntriesMax), UnpackedEntriesMax, 1);
        if (string.IsNullOrWhiteSpace(Folder))
        {
            problems.Add($"{nameof(Folder)}: must name a folder");
        }

        return problems;

        void AtLeast<T>(string name, T value, T least)
            where T : IComparable<T>
        {
            if (value.CompareTo(least) < 0)
            {
                problems.Add($"{name}: must be at least {least}, was {value}");
            }
        }
    }
}
