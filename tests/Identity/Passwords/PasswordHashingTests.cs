using Slipway.Identity.Passwords;

namespace Slipway.Identity.Tests.Passwords;

public sealed class PasswordHashingTests : IDisposable
{
    private readonly HashingWorkers _workers = new(1, 4);

    public void Dispose() => _workers.Dispose();

    [Fact]
    public async Task Without_libcrypt_passwords_are_hashed_with_pbkdf2()
    {
        var hashing = new PasswordHashing(_workers, 4, bcrypt: false);
        var stored = (await hashing.CreateAsync("correct horse", default)).Value;

        Assert.StartsWith("$pbkdf2-sha512$210000$", stored, StringComparison.Ordinal);
        Assert.Equal(PasswordVerdict.Right, (await hashing.CheckAsync("correct horse", stored, default)).Value);
        Assert.Equal(PasswordVerdict.Wrong, (await hashing.CheckAsync("wrong horse", stored, default)).Value);
    }

    [Fact]
    public async Task A_hash_of_another_kind_or_lower_cost_is_right_but_outdated()
    {
        Assert.SkipUnless(LibCrypt.IsPresent, "libcrypt is not installed on this machine");
        var hashing = new PasswordHashing(_workers, 5);
        Assert.Equal(PasswordVerdict.RightButOutdated, hashing.Check("correct horse", Pbkdf2.Create("correct horse")));
        Assert.Equal(PasswordVerdict.RightButOutdated, hashing.Check("correct horse", Bcrypt.Create("correct horse", 4)));
        Assert.Equal(PasswordVerdict.RightButOutdated, hashing.Check("U*U", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"));
        Assert.Equal(PasswordVerdict.Right, hashing.Check("correct horse", Bcrypt.Create("correct horse", 6)));
        Assert.Equal(6, Bcrypt.CostOf((await hashing.CreateAsync("correct horse", 6, default)).Value));
        Assert.Equal(5, Bcrypt.CostOf((await hashing.CreateAsync("correct horse", 4, default)).Value));
        Assert.Equal(PasswordVerdict.Right, hashing.Check("correct horse", (await hashing.CreateAsync("correct horse", default)).Value));
    }

    [Fact]
    public async Task A_stranger_costs_a_hash_and_is_always_wrong()
    {
        var hashing = new PasswordHashing(_workers, 4);
        Assert.Equal(PasswordVerdict.Wrong, (await hashing.CheckStrangerAsync("anything", default)).Value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("plain text")]
    [InlineData("$pbkdf2-sha512$")]
    [InlineData("$pbkdf2-sha512$99999999999$AAAAAAAAAAAAAAAAAAAAAA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("$pbkdf2-sha512$1000$AA==$AA==")]
    [InlineData("$pbkdf2-sha512$1000$!!$!!")]
    public void What_is_no_hash_matches_no_password(string stored) =>
        Assert.Equal(PasswordVerdict.Wrong, new PasswordHashing(_workers, 4).Check("", stored));
}
