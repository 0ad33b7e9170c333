namespace Slipway.Runtime.Process;

/// <summary>What an instance has written into its private folder.</summary>
internal static class DiskUse
{
    // Counting costs time per file; beyond this the answer is "at least".
    private const int FilesMax = 2_000;

    public static long Of(string folder, int filesMax = FilesMax)
    {
        try
        {
            if (!Directory.Exists(folder))
            {
                return 0;
            }

            return new DirectoryInfo(folder)
                .EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint })
                .Take(filesMax)
                .Sum(Length);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static long Length(FileInfo file)
    {
        try
        {
            return file.Length;
        }
        catch (IOException)
        {
            // Deleted between being listed and being measured.
            return 0;
        }
    }
}
