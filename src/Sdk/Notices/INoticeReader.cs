namespace Slipway.Sdk.Notices;

/// <summary>What a service does with word of commits.</summary>
public interface INoticeReader
{
    /// <summary>Another instance has committed these.</summary>
    void Heard(IReadOnlyList<string> notices);

    /// <summary>Something was committed and nobody can say what: everything that is remembered may be old.</summary>
    void Missed();

    /// <summary>False while nobody would say when something is old.</summary>
    void Listening(bool hears);
}
