using System.Globalization;

namespace Slipway.Sdk.Settings;

/// <summary>
/// Typed reading of environment variables. A wrong value is remembered and its default answered, so that the end of
/// building a service can name all mistakes at once; after that a wrong value throws where it is read.
/// </summary>
public sealed class ServiceSettings(Func<string, string?> environment)
{
    private const int KeyBytesMin = 32;

    private readonly Lock _gate = new();
    private readonly List<string> _mistakes = [];
    private bool _checked;

    public string Text(string name, string otherwise) => Text(name) ?? otherwise;

    /// <summary>The variable's value, or null if it is absent or blank.</summary>
    public string? Text(string name)
    {
        var value = environment(name);
        return string.IsNullOrWhiteSpace(value) ? null : value.Trim();
    }

    public int Number(string name, int otherwise, int min, int max)
    {
        if (Text(name) is not { } text)
        {
            return otherwise;
        }

        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max)
        {
            return number;
        }

        Mistaken($"{name} must be a whole number from {min} to {max}, not \"{text}\".");
        return otherwise;
    }

    public bool Flag(string name, bool otherwise)
    {
        switch (Text(name)?.ToLowerInvariant())
        {
            case null:
                return otherwise;
            case "true" or "1" or "on" or "yes":
                return true;
            case "false" or "0" or "off" or "no":
                return false;
            case var text:
                Mistaken($"{name} must be true or false, not \"{text}\".");
                return otherwise;
        }
    }

    public TimeSpan Seconds(string name, double otherwise) => Span(name, otherwise, 1, "seconds");

    public TimeSpan Milliseconds(string name, double otherwise) => Span(name, otherwise, 0.001, "milliseconds");

    /// <summary>Values separated by commas or blanks.</summary>
    public IReadOnlyList<string> List(string name) =>
        Text(name)?.Split([',', ' ', ';', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    public string Choice(string name, string otherwise, params string[] allowed)
    {
        if (Text(name) is not { } text)
        {
            return otherwise;
        }

        foreach (var choice in allowed)
        {
            if (choice.Equals(text, StringComparison.OrdinalIgnoreCase))
            {
                return choice;
            }
        }

        Mistaken($"{name} must be one of {string.Join(", ", allowed)}, not \"{text}\".");
        return otherwise;
    }

    /// <summary>A secret key in base64 (either alphabet) of at least 32 bytes. Its value never appears in a message.</summary>
    public byte[]? Key(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        var standard = text.Replace('-', '+').Replace('_', '/').TrimEnd('=');
        var padded = standard.PadRight((standard.Length + 3) / 4 * 4, '=');
        var bytes = new byte[padded.Length];
        if (Convert.TryFromBase64String(padded, bytes, out var length) && length >= KeyBytesMin)
        {
            return bytes[..length];
        }

        Mistaken($"{name} must be at least {KeyBytesMin} bytes in base64; make one with: openssl rand -base64 32");
        return null;
    }

    /// <summary>For rules of a service's own, such as two settings that exclude each other. The message names the variable and the fix.</summary>
    public void Mistaken(string message)
    {
        lock (_gate)
        {
            if (!_checked)
            {
                _mistakes.Add(message);
                return;
            }
        }

        throw new SettingsException([message]);
    }

    /// <exception cref="SettingsException">Something read so far was wrong.</exception>
    internal void Check()
    {
        lock (_gate)
        {
            _checked = true;
            if (_mistakes.Count > 0)
            {
                throw new SettingsException([.. _mistakes.Distinct()]);
            }
        }
    }

    private TimeSpan Span(string name, double otherwise, double secondsPerUnit, string unit)
    {
        const double SecondsMax = 366 * 86_400.0;
        var amount = otherwise;
        if (Text(name) is { } text
            && (!double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out amount)
                || !double.IsFinite(amount)
                || amount * secondsPerUnit > SecondsMax))
        {
            Mistaken($"{name} must be a number of {unit} from 0 to {SecondsMax / secondsPerUnit:0}, not \"{text}\".");
            amount = otherwise;
        }

        return TimeSpan.FromSeconds(amount * secondsPerUnit);
    }
}
