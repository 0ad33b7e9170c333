namespace Slipway.Sdk.Settings;

/// <summary>The settings are not usable. Says everything that is wrong, so that one correction is enough.</summary>
public sealed class SettingsException(IReadOnlyList<string> mistakes) : Exception(string.Join(Environment.NewLine, mistakes))
{
    /// <summary>What sysexits.h calls EX_CONFIG; a platform can tell it from a crash.</summary>
    public const int ExitCode = 78;

    public IReadOnlyList<string> Mistakes { get; } = mistakes;
}
