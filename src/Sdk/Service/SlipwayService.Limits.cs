using System.Globalization;
using System.Text;
using Slipway.Sdk.Limits;

namespace Slipway.Sdk.Service;

public sealed partial class SlipwayService
{
    private const int LimitDefaultPermits = 6_000;

    private readonly LimitBook _limits;

    /// <summary>
    /// Declares a limit that endpoints can be put under. The setting LIMIT_NAME, as <c>5/900</c> for five calls in 900 seconds, overrides it.
    /// </summary>
    public void Limit(string name, int permits, TimeSpan window, LimitBy by = LimitBy.CallerOrNetwork)
    {
        var setting = "LIMIT_" + SettingOf(name);
        if (Settings.Text(setting) is { } text)
        {
            var parts = text.Split('/');
            if (parts.Length == 2
                && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var calls)
                && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
                && calls > 0
                && seconds is > 0 and <= 86_400)
            {
                (permits, window) = (calls, TimeSpan.FromSeconds(seconds));
            }
            else
            {
                Settings.Mistaken($"{setting} must be calls/seconds, such as 5/900, not \"{text}\".");
            }
        }

        _limits.Add(new Limit(name, permits, window, by));
    }

    /// <summary>codeEntry and code-entry → CODE_ENTRY</summary>
    private static string SettingOf(string name)
    {
        var setting = new StringBuilder(name.Length + 4);
        foreach (var character in name)
        {
            if (char.IsAsciiLetterUpper(character))
            {
                setting.Append('_');
            }

            setting.Append(character == '-' ? '_' : char.ToUpperInvariant(character));
        }

        return setting.ToString();
    }
}
