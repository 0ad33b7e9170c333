namespace Slipway.Sdk.Callers;

/// <summary>Where the keys come from that tokens are verified with.</summary>
public interface IKeySource
{
    /// <summary>The known keys; a set without <paramref name="kid"/> means that there is no such key.</summary>
    /// <exception cref="Problems.ProblemException">The keys were never known and cannot be had now.</exception>
    ValueTask<JsonWebKeys> KeysAsync(string kid, CancellationToken cancellation);
}
