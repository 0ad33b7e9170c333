using Slipway.Model.Failures;

namespace Slipway.Registry.Content;

/// <summary>
/// Tells the two storage troubles that an operator can mend (a full disk, a folder we may not write) from all others,
/// which stay exceptions because nothing sensible can be said about them in advance.
/// </summary>
internal static class StorageFailure
{
    // On Unix the HResult of an IOException that the framework does not classify is the errno itself.
    private const int NoSpace = 28;
    private const int QuotaReached = 122;
    private const int ReadOnlyFileSystem = 30;
    private const int FileInTheWay = 17;
    private const int NotAFolder = 20;
    private const int PermissionDenied = 13;
    private const int NotPermitted = 1;

    // The framework's own number for "no room", used when it reserves a file's space ahead.
    private const int FrameworkDiskFull = unchecked((int)0x80070070);

    public static bool Explains(Exception exception) => From(exception, string.Empty) is not null;

    public static Failure? From(Exception exception, string folder) => exception switch
    {
        UnauthorizedAccessException or DirectoryNotFoundException => Unwritable(folder, exception),
        IOException { HResult: NoSpace or QuotaReached or FrameworkDiskFull } => new Failure(FailureKind.Exhausted, ContentFailures.DiskFullCode,
            $"The disk that holds {folder} is full. Free some space or remove unused images, then retry."),
        IOException { HResult: ReadOnlyFileSystem or FileInTheWay or NotAFolder or PermissionDenied or NotPermitted } => Unwritable(folder, exception),
        _ => null,
    };

    private static Failure Unwritable(string folder, Exception exception) => new(FailureKind.Unavailable, ContentFailures.StateUnwritableCode,
        $"The folder {folder} cannot be written ({exception.Message}). Give the account that runs Slipway write access to it.");
}
