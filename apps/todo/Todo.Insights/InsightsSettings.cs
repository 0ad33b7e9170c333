using Slipway.Sdk.Settings;

namespace Todo.Insights;

internal enum ProviderKind
{
    Embedded,
    OpenAi,
    Google,
}

/// <summary>What an operator may choose. Without any of it nothing ever leaves this process.</summary>
internal sealed record InsightsSettings
{
    public ProviderKind Provider { get; init; }

    /// <summary>Where the provider's interface begins, ending in a slash.</summary>
    public Uri? Address { get; init; }

    public string? Key { get; init; }

    public string Model { get; init; } = "";

    public TimeSpan TimeLimit { get; init; }

    public int MinutesPerDay { get; init; }

    /// <summary>Analyses at once; each keeps a processor busy.</summary>
    public int WorkersMax { get; init; }

    /// <summary>Further requests that may wait for a place.</summary>
    public int WaitingMax { get; init; }

    public static InsightsSettings Read(ServiceSettings settings)
    {
        var openAi = ReadAddress(settings, "OPENAI_URL");
        var google = ReadAddress(settings, "LANGUAGE_URL");
        var provider = settings.Choice("INSIGHTS_PROVIDER", openAi is not null ? "openai" : google is not null ? "google" : "embedded", "embedded", "openai", "google");
        if (openAi is not null && google is not null && settings.Text("INSIGHTS_PROVIDER") is null)
        {
            settings.Mistaken("OPENAI_URL and LANGUAGE_URL are both set; say which one is meant with INSIGHTS_PROVIDER=openai or INSIGHTS_PROVIDER=google.");
        }

        var limit = settings.Milliseconds("PROVIDER_TIMEOUT_MS", 5_000);
        if (limit < TimeSpan.FromMilliseconds(50) || limit > TimeSpan.FromSeconds(30))
        {
            settings.Mistaken("PROVIDER_TIMEOUT_MS must be from 50 to 30000.");
            limit = TimeSpan.FromSeconds(5);
        }

        var kind = provider switch { "openai" => ProviderKind.OpenAi, "google" => ProviderKind.Google, _ => ProviderKind.Embedded };
        if ((kind == ProviderKind.OpenAi && openAi is null) || (kind == ProviderKind.Google && google is null))
        {
            settings.Mistaken($"INSIGHTS_PROVIDER={provider} needs {(kind == ProviderKind.OpenAi ? "OPENAI_URL, such as https://api.openai.com/v1" : "LANGUAGE_URL, such as https://language.googleapis.com")}.");
        }

        return new()
        {
            Provider = kind,
            Address = kind switch { ProviderKind.OpenAi => openAi, ProviderKind.Google => google, _ => null },
            Key = kind switch { ProviderKind.OpenAi => settings.Text("OPENAI_KEY"), ProviderKind.Google => settings.Text("LANGUAGE_KEY"), _ => null },
            Model = settings.Text("OPENAI_MODEL", "gpt-4o-mini"),
            TimeLimit = limit,
            MinutesPerDay = settings.Number("MINUTES_PER_DAY", 480, 1, 1_440),
            WorkersMax = settings.Number("ANALYSES_MAX", 4, 1, 64),
            WaitingMax = settings.Number("ANALYSES_WAITING_MAX", 50, 0, 10_000),
        };
    }

    private static Uri? ReadAddress(ServiceSettings settings, string name)
    {
        if (settings.Text(name) is not { } text)
        {
            return null;
        }

        if (Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && address.Query.Length == 0)
        {
            return address;
        }

        settings.Mistaken($"{name} must be an http or https address without a query, not \"{text}\".");
        return null;
    }
}
