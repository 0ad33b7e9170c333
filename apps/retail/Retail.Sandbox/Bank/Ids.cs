using System.Security.Cryptography;

namespace Retail.Sandbox.Bank;

/// <summary>Ids as banks like them. Letters and digits of both cases, so that none looks like the number of a card.</summary>
internal static class Ids
{
    private const string Alphabet = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    public static string New(string kind) => $"{kind}_{RandomNumberGenerator.GetString(Alphabet, 24)}";
}
