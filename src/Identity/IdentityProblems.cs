using Slipway.Sdk.Problems;

namespace Slipway.Identity;

/// <summary>What this service's own problem codes mean, for the people who meet them.</summary>
internal static class IdentityProblems
{
    public static ProblemText[] All { get; } =
    [
        new("brokenAuthorization", 400, "The request is not complete", "A program sent you here with a request that does not fit what is known of it.", "Go back to the program and begin again."),
        new("consentRequired", 400, "Your consent is needed", "An account keeps personal data, and nobody agreed to that yet.", "Send gdprConsent: true once the person agreed."),
        new("badCode", 401, "The code is not right", "The six digits are wrong, were used before, or their half minute is over.", "Wait for the next code of the app; check the clock of the device."),
        new("badCredentials", 401, "E-mail address or password is wrong", "The two do not belong together, or the account cannot be used now. Which of it is not told.",
            "Check both, wait a quarter of an hour after several failures, or reset the password."),
        new("challengeExpired", 401, "Sign in again", "The sign-in was begun too long ago or took too many tries.", "Begin again with e-mail address and password."),
        new("passkeyRefused", 401, "The passkey was not accepted", "The device's answer does not fit the question, or the question is older than five minutes.", "Try again, or sign in with the password."),
        new("refreshTokenInvalid", 401, "Sign in again", "The refresh token is unknown, expired, or was used before; in the last case the whole sign-in was ended to be safe.", "Sign in again."),
        new("twoFactorRequired", 401, "A second factor is needed", "The password was right, and the account has a second factor.", "Send the code as totpCode, or answer the challenge."),
        new("csrf", 403, "The request did not come from our pages", "A change by cookie must show that it comes from this service's own page.", "Load the page again and repeat the change there."),
        new("secondFactorRequired", 403, "A second factor is needed", "Administrators do this only when they signed in with their second factor.", "Sign in again with the code of the app."),
        new("stepUpRequired", 403, "Confirm that it is you", "The change is a serious one, and the last sign-in is too long ago for it.", "Sign in again and repeat the change within five minutes."),
        new("accountErased", 409, "The account is erased", "What belonged to the account was anonymised and does not come back.", "Open a new account."),
        new("clientExists", 409, "The id is taken", "A program with this id is registered already.", "Choose another id."),
        new("emailTaken", 409, "The e-mail address is taken", "An account has this address.", "Sign in with it, or reset its password."),
        new("erasureNeeded", 409, "An account needs this consent", "Without this consent nothing of the account may be kept.", "Ask for the erasure of the account instead."),
        new("erasureRequested", 409, "The owner asked for erasure", "The account is closed and will be erased.", "Its owner can take that back for 30 days, with the link in the mail."),
        new("lastAdmin", 409, "The last administrator", "Somebody must be able to administer.", "Make somebody else an administrator first."),
        new("noErasureRequested", 409, "Nothing to take back", "No erasure of this account is waiting.", "Nothing needs to be done."),
        new("notYourself", 409, "Not for your own account", "Nobody takes rights from themselves by accident.", "Ask another administrator."),
        new("ownClient", 409, "Part of this installation", "The program belongs to the installation.", "It cannot be removed; end its sessions instead."),
        new("passkeyExists", 409, "The passkey is known already", "The device holds a passkey of an account here.", "Sign in with it, or use another device."),
        new("sameEmail", 409, "This is the address already", "The account has this e-mail address.", "Nothing needs to be done."),
        new("tooManyApiKeys", 409, "Too many API keys", "The bound of keys of one account is reached.", "Delete a key nobody uses any longer."),
        new("tooManyPasskeys", 409, "Too many passkeys", "The bound of passkeys of one account is reached.", "Delete a passkey you no longer use."),
        new("twoFactorDisabled", 409, "The second factor is off", "Recovery codes belong to a second factor.", "Set up the second factor first."),
        new("twoFactorEnabled", 409, "The second factor is on already", "There is one second factor of this kind at a time.", "Turn it off first to set up another."),
        new("twoFactorMandatory", 409, "Administrators need a second factor", "An administrator's second factor stays on.", "Give up the role first."),
        new("twoFactorNotBegun", 409, "There is nothing to confirm", "The set-up was not begun, or too long ago.", "Begin the set-up, which shows the secret for the app."),
        new("usernameTaken", 409, "The user name is taken", "Somebody has this user name.", "Choose another one."),
        new("linkInvalid", 410, "The link does not work any more", "Links of mails work once and for a limited time; a later one makes earlier ones useless.", "Ask for a new link."),
        new("wrongPassword", 422, "The password is not right", "The change asks for the account's present password, and this is not it.", "Type it again, or reset the password."),
        new("tooManyAttempts", 429, "Too many attempts", "Too many passwords were wrong for this account or from this network.", "Wait as long as Retry-After says."),
        new("tooManyCodes", 429, "Too many wrong codes", "The second factor is closed for a while.", "Wait as long as Retry-After says, or use a recovery code afterwards."),
        new("smtpUrl", 500, "The service is not set up", "SMTP_URL does not name a mail server.", "The operator sets it to smtp://user:password@host:587."),
        new("passwordChecksBusy", 503, "Temporarily unavailable", "More passwords wait to be checked than this instance can check soon.", "Repeat the call after Retry-After."),
        new("secondFactorUnavailable", 503, "Temporarily unavailable", "The account has a second factor, and it cannot be checked now.", "Repeat the call after Retry-After."),
        new("signingKeysUnavailable", 503, "Temporarily unavailable", "No key to sign tokens with can be read, so nobody gets one.", "Repeat the call after Retry-After; the operator looks at /health."),
    ];
}
