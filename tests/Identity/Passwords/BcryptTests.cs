using Slipway.Identity.Passwords;

namespace Slipway.Identity.Tests.Passwords;

public sealed class BcryptTests
{
    /// <summary>Vectors that implementations of bcrypt have been compared with for twenty years.</summary>
    [Theory]
    [InlineData("U*U", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")]
    [InlineData("U*U*", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK")]
    [InlineData("U*U*U", "$2a$05$XXXXXXXXXXXXXXXXXXXXXOAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a")]
    [InlineData("", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy")]
    [InlineData("U*U", "$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")]
    [InlineData("U*U", "$2y$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")]
    public void Published_vectors_verify(string password, string hash)
    {
        NeedsLibcrypt();
        Assert.True(Bcrypt.Verify(password, hash));
        Assert.False(Bcrypt.Verify(password + "x", hash));
    }

    [Fact]
    public void A_new_hash_has_the_form_cost_and_salt_it_should_and_verifies()
    {
        NeedsLibcrypt();
        var one = Bcrypt.Create("correct horse", 4);
        var other = Bcrypt.Create("correct horse", 4);

        Assert.StartsWith("$2b$04$", one, StringComparison.Ordinal);
        Assert.True(Bcrypt.IsHash(one));
        Assert.Equal(4, Bcrypt.CostOf(one));
        Assert.NotEqual(one, other);
        Assert.True(Bcrypt.Verify("correct horse", one));
        Assert.False(Bcrypt.Verify("correct horsf", one));
    }

    [Fact]
    public void The_tail_of_a_password_beyond_72_bytes_counts()
    {
        NeedsLibcrypt();
        var start = new string('a', 72);
        var hash = Bcrypt.Create(start + "b", 4);

        Assert.True(Bcrypt.Verify(start + "b", hash));
        Assert.False(Bcrypt.Verify(start + "c", hash));
        Assert.False(Bcrypt.Verify(start, hash));
    }

    [Fact]
    public void The_salt_is_written_in_the_alphabet_of_bcrypt()
    {
        Assert.Equal("$2b$10$......................", Bcrypt.Setting(10, new byte[16]));
        Assert.Equal("$2b$04$99999999999999999999" + "9u", Bcrypt.Setting(4, [.. Enumerable.Repeat((byte)0xFF, 16)]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("$2b$10$short")]
    [InlineData("$1$saltsalt$N9CgBlKPVn0DPNBjFQVL41")]
    [InlineData("*0")]
    public void Other_texts_are_no_bcrypt_hashes_and_verify_nothing(string stored)
    {
        Assert.False(Bcrypt.IsHash(stored));
        Assert.Equal(0, Bcrypt.CostOf(stored));
    }

    [Fact]
    public void A_damaged_hash_verifies_nothing()
    {
        NeedsLibcrypt();
        var hash = Bcrypt.Create("correct horse", 4);
        var damaged = hash[..^1] + (hash[^1] == '.' ? '/' : '.');
        Assert.False(Bcrypt.Verify("correct horse", damaged));
        Assert.False(Bcrypt.Verify("correct horse", hash.Replace("$04$", "$99$", StringComparison.Ordinal)));
    }

    private static void NeedsLibcrypt() => Assert.SkipUnless(LibCrypt.IsPresent, "libcrypt is not installed on this machine");
}
