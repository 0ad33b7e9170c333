using Slipway.Control.Instances;

namespace Slipway.Control.Tests.Instances;

/// <summary>Tokens that say what was asked for and the how many-th they are.</summary>
internal sealed class CountingTokens : IServiceAccountTokens
{
    public int Issued { get; private set; }

    public string Issue(string @namespace, string account, string? audience, TimeSpan lifetime) =>
        $"{@namespace}/{account}/{audience ?? "-"}/{lifetime.TotalSeconds}/{++Issued}";
}
