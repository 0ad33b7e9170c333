namespace Slipway.Control.Instances;

/// <summary>
/// Drivers expand <c>$(NAME)</c> in commands, arguments and variables, because only they know every value, PORT first of
/// all. A manifest's own text is left to them as it is written; a value out of a Secret or a ConfigMap is not meant to be
/// expanded, and is written so that it comes out as it is.
/// </summary>
internal static class LiteralText
{
    public static string Escape(string value) =>
        value.Contains("$(", StringComparison.Ordinal) || value.Contains("$$", StringComparison.Ordinal)
            ? value.Replace("$", "$$", StringComparison.Ordinal)
            : value;
}
