namespace Slipway.Store.Archiving;

/// <summary>Where the archive lies: <c>bases/</c> with whole copies, <c>wal/</c> with the log between them.</summary>
internal sealed class ArchiveFolder(string path)
{
    /// <summary>What is not finished yet has another name, so that everything under its own name is whole.</summary>
    public const string Unfinished = ".new";

    public string Bases => Path.Combine(path, "bases");

    public string Log => Path.Combine(path, "wal");

    public IReadOnlyList<BaseBackup> Copies() => [.. FilesIn(Bases).Select(BaseBackup.Of).OfType<BaseBackup>().OrderBy(copy => copy.CompleteAt)];

    public IReadOnlyList<WalFile> Segments() => [.. FilesIn(Log).Select(WalFile.Of).OfType<WalFile>()];

    public void DropUnfinishedCopies()
    {
        foreach (var file in FilesIn(Bases).Where(file => file.Name.EndsWith(Unfinished, StringComparison.Ordinal)))
        {
            file.Delete();
        }
    }

    private static IEnumerable<FileInfo> FilesIn(string folder) => Directory.Exists(folder) ? new DirectoryInfo(folder).EnumerateFiles() : [];
}
