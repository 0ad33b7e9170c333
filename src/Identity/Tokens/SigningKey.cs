using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Slipway.Identity.Tokens;

/// <summary>A key pair on P-256 and the times between which it signs and is published.</summary>
internal sealed record SigningKey(string Kid, string X, string Y, DateTimeOffset CreatedAt, DateTimeOffset SignsFrom)
{
    public DateTimeOffset? SignsUntil { get; init; }

    public DateTimeOffset? PublishedUntil { get; init; }

    public bool SignsAt(DateTimeOffset now) => SignsFrom <= now && (SignsUntil is null || now < SignsUntil);

    public bool IsPublishedAt(DateTimeOffset now) => PublishedUntil is null || now < PublishedUntil;
}

/// <summary>Signs with one private key from many threads. A native key handle serves one caller at a time, so a few are kept.</summary>
internal sealed class Signer(string kid, byte[] pkcs8) : IDisposable
{
    private readonly ConcurrentBag<ECDsa> _idle = [];
    private bool _closed;

    public string Kid => kid;

    public byte[] Sign(ReadOnlySpan<byte> text)
    {
        if (!_idle.TryTake(out var key))
        {
            key = ECDsa.Create();
            key.ImportPkcs8PrivateKey(pkcs8, out _);
        }

        var signature = key.SignData(text, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        if (_closed || _idle.Count >= Environment.ProcessorCount)
        {
            key.Dispose();
        }
        else
        {
            _idle.Add(key);
        }

        return signature;
    }

    public void Dispose()
    {
        _closed = true;
        while (_idle.TryTake(out var key))
        {
            key.Dispose();
        }
    }
}
