using System.Globalization;
using Slipway.Identity.Retail;

namespace Slipway.Identity.Passwords;

/// <summary>
/// The bcrypt cost by the application somebody comes through. Costs only ever rise: a hash that is dearer than asked for stays.
/// </summary>
internal sealed record HashCosts(int Usual, int Retail)
{
    private const int SaltAndHashCharacters = 53;

    private readonly string _dearStranger = string.Create(CultureInfo.InvariantCulture, $"$2b${Retail:00}${new string('.', SaltAndHashCharacters)}");

    public int For(string clientId) => clientId == RetailSurface.ClientId ? Math.Max(Usual, Retail) : Usual;

    /// <summary>The password was right, and its hash is cheaper than this application wants.</summary>
    public bool IsTooCheap(string stored, string clientId) => Bcrypt.IsHash(stored) && Bcrypt.CostOf(stored) < For(clientId);

    /// <summary>
    /// A hash that no password has, for an address without an account, or null for the usual one. As accounts have one cost or the
    /// other, half of these addresses have this one and half that one, always the same for an address: so the time of an answer tells
    /// nobody who has an account.
    /// </summary>
    public string? Stranger(ReadOnlySpan<byte> addressKey) => Retail > Usual && LibCrypt.IsPresent && (addressKey[0] & 1) == 1 ? _dearStranger : null;
}
