namespace Slipway.Cli.Terminal;

/// <summary>What scripts may rely on.</summary>
internal static class ExitCodes
{
    public const int Success = 0;

    /// <summary>The request was understood and failed: a deployment that does not become ready, an object that is not there.</summary>
    public const int Failed = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;

    /// <summary>Slipway does not run, or does not answer.</summary>
    public const int Unreachable = 3;

    public const int Interrupted = 130;
}

/// <summary>An expected failure on its way to the user: one line that names the field and the fix.</summary>
internal sealed class CliFailure(string message, int exitCode = ExitCodes.Failed) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
