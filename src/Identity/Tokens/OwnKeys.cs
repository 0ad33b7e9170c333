using Slipway.Sdk.Callers;
using Slipway.Sdk.Problems;

namespace Slipway.Identity.Tokens;

/// <summary>Tokens that come back to this service are verified with its own keys, without asking itself over the network.</summary>
internal sealed class OwnKeys(KeyRing keys) : IKeySource
{
    private volatile Known _known = new("", JsonWebKeys.None);

    public async ValueTask<JsonWebKeys> KeysAsync(string kid, CancellationToken cancellation)
    {
        var published = await keys.PublishedAsync(cancellation);
        var names = string.Join(' ', published.Select(key => key.Kid));
        var known = _known;
        if (known.Names == names)
        {
            return known.Keys;
        }

        var parsed = JsonWebKeys.Parse(KeySet.Write(published));
        _known = new Known(names, parsed.Is(out var set, out var problem) ? set : throw new ProblemException(problem));
        return set;
    }

    private sealed record Known(string Names, JsonWebKeys Keys);
}
