namespace Slipway.Registry.Content;

/// <summary>Where everything lies below <c>{state}/registry</c>.</summary>
internal sealed record ContentFolders(string Root)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Content by digest, finished and verified: <c>blobs/sha256/ab/abcd…</c>.</summary>
    public string Blobs => Path.Combine(Root, "blobs", "sha256");

    /// <summary>Links and tags by repository name.</summary>
    public string Repositories => Path.Combine(Root, "repositories");

    /// <summary>Files being written; emptied at every start, since nothing in it was ever acknowledged.</summary>
    public string Pending => Path.Combine(Root, "pending");

    /// <summary>Images laid out as folders, one per manifest digest.</summary>
    public string Unpacked => Path.Combine(Root, "unpacked");

    /// <summary>Folders being unpacked or removed; on the same file system as <see cref="Unpacked"/> so that a rename suffices.</summary>
    public string Unpacking => Path.Combine(Root, "unpacking");

    /// <summary>What retention has marked and when.</summary>
    public string Marks => Path.Combine(Root, "retention.json");

    /// <summary>Makes the folders and removes what an interrupted process left behind.</summary>
    public void Open()
    {
        DurableFile.CreateFolder(Path.GetFullPath(Root));
        foreach (var leftovers in new[] { Pending, Unpacking })
        {
            if (Directory.Exists(leftovers))
            {
                Directory.Delete(leftovers, recursive: true);
            }
        }

        foreach (var folder in new[] { Blobs, Repositories, Pending, Unpacked, Unpacking })
        {
            DurableFile.CreateFolder(folder);
        }

        // Instances run as other users and reach their own image by its path. They can neither list nor read anybody else's
        // content: an image's folder is found only by who knows its digest, and the blobs not at all.
        foreach (var folder in new[] { Root, Unpacked })
        {
            File.SetUnixFileMode(folder, OwnerOnly | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        }

        foreach (var folder in new[] { Path.Combine(Root, "blobs"), Repositories, Pending, Unpacking })
        {
            File.SetUnixFileMode(folder, OwnerOnly);
        }
    }
}
