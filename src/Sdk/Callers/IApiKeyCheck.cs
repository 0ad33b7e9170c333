using Slipway.Sdk.Problems;

namespace Slipway.Sdk.Callers;

/// <summary>Says whose API key it is.</summary>
public interface IApiKeyCheck
{
    ValueTask<Outcome<Caller>> CheckAsync(string key, CancellationToken cancellation);
}
