//! What a name gives away: a page limit, the identifier of a resource, a sensitive resource, a credential.

use super::words::{ends_in, is_one_of, is_spelled, last_word, words};

/// Whether a query parameter of this name limits how many results a page holds: `limit`, `page_size`, `$top`,
/// `page[size]`, `queryOptions.take`. The caller checks that it is a number.
///
/// Limits of anything but results do not count (`rateLimit`, `maxWidth`, `limitstart`), nor do the page's position
/// (`page`, `offset`) and `first` and `last`, which some APIs take as positions.
pub fn is_page_limit(name: &str) -> bool {
    const NAMES: &[&str] = &[
        "limit", "limits", "top", "topn", "maxtop", "take", "takecount", "size", "rows", "count", "max",
        "num", "results", "rowcount", "resultcount", "returncount", "resultsize", "listsize", "batchsize",
        "pagesize", "pagelimit", "pagelength", "perpage", "resultsperpage", "recordsperpage", "recsperpage",
        "itemsperpage", "entriesperpage", "rowsperpage", "paginatelimit", "itemlimit", "resultlimit",
        "rowlimit", "recordlimit", "maxresult", "maxresults", "maxresultcount", "maxitems", "maxrecords",
        "maxentries", "maxcount", "maxrows", "maxkeys", "maxpagesize", "maxperpage", "maxmessages",
        "maxnumberofmessages", "numresults", "numitems", "numrecords", "numrows", "numentries",
        "numelements", "numberofresults", "numberofitems", "numberofrecords", "numberofrows",
        "numberofentries", "noofrecords", "noofresults", "numbertoread", "limitresults", "limitperpage",
    ];
    const FAMILIES: &[&str] = &["pagesize", "perpage", "maxresults", "maxrecords", "maxitems", "pagelimit"];
    let is_known = |part: &str| NAMES.iter().any(|known| is_spelled(part, known));
    if is_known(name) || ends_in(name, FAMILIES) {
        return true;
    }
    // `page[size]` is read as a whole above; what is left wraps a limit (`filter[limit]`, `p.limit`) or says what the
    // limit is for (`limit[builds]`).
    if let Some((outer, inner)) = name.split_once('[') {
        return is_known(inner.trim_end_matches(']')) || is_spelled(outer, "limit");
    }
    name.rsplit_once('.').is_some_and(|(_, last)| is_known(last))
}

/// Whether a path parameter identifies one resource: `{id}`, `{userId}`, `{user_ids}`, `{orgid}` below `/orgs`.
///
/// `segment_before` is the literal path segment in front of the parameter, if there is one. Identifiers of what is
/// never private (types, categories, countries, versions, …) do not count, nor do natural keys (years, indexes,
/// positions, pages), keys that are called so (`organizerKey`: where they are numbers, these are drawn from all of 64
/// bits) and words that only end in these letters (`grid`, `valid`, `uuid`).
pub fn is_resource_id(name: &str, segment_before: Option<&str>) -> bool {
    let mut before_last = None;
    let mut last = "";
    let mut count = 0;
    for word in words(name) {
        before_last = (count > 0).then_some(last);
        last = word;
        count += 1;
    }
    let segment = segment_before.and_then(last_word).unwrap_or_default();
    let described = before_last.unwrap_or(segment);
    if is_one_of(last, &["id", "ids", "pk"]) {
        // `idType` and `id_account` are handled below; `{id}` takes its meaning from the segment before it.
        return !is_any_form_of(described, PUBLIC_KINDS);
    }
    if is_one_of(last, &["number", "no", "num"]) {
        // Numbers mostly count within a parent (`lineNumber`, `issue_number`); some are handed out to people.
        return before_last.is_some_and(is_sensitive_resource);
    }
    if count > 1 && words(name).next().is_some_and(|first| first.eq_ignore_ascii_case("id")) {
        return !is_any_form_of(last, PUBLIC_KINDS);
    }
    count == 1 && is_glued_id(last, segment)
}

/// Whether a value of this name or format is an identifier or a point in time: `id`, `typeIds`, `createdAt`,
/// `unix-time`. Such numbers have no meaningful largest value.
pub fn is_id_or_time(name: &str) -> bool {
    const LAST: &[&str] = &[
        "id", "ids", "uid", "pk", "timestamp", "timestamps", "time", "date", "datetime", "epoch", "at", "on",
        "expires", "expiry", "expiration", "created", "updated", "modified", "since", "until",
    ];
    last_word(name).is_some_and(|last| is_one_of(last, LAST)) || is_spelled(name, "unixtime")
}

/// What has public identifiers, in the singular.
const PUBLIC_KINDS: &[&str] = &[
    "type", "category", "status", "kind", "level", "region", "version", "class", "country", "language",
    "locale", "currency", "format", "genre", "city", "zone", "timezone", "unit", "priority", "gender",
    "season",
];

/// `orgid`, `userids`: only if the letters before `id` name the collection that the parameter stands below, or one of
/// the resources that everyone has; otherwise `grid` and `paid` would be identifiers.
fn is_glued_id(word: &str, segment: &str) -> bool {
    let bare = word.strip_suffix(['s', 'S']).unwrap_or(word);
    let Some(at) = bare.len().checked_sub(2).filter(|&at| at >= 3 && bare.is_char_boundary(at)) else {
        return false;
    };
    let (stem, id) = bare.split_at(at);
    id.eq_ignore_ascii_case("id")
        && !is_any_form_of(stem, PUBLIC_KINDS)
        && (is_form_of(segment, stem) || is_sensitive_resource(stem) || is_one_of(stem, COMMON_RESOURCES))
}

const COMMON_RESOURCES: &[&str] = &[
    "app", "domain", "event", "file", "folder", "group", "image", "item", "job", "list", "node", "org",
    "post", "product", "project", "server", "site", "task", "team",
];

/// Whether `noun`, a path segment or a name, speaks of people, money or private communication. Rules list these first.
pub fn is_sensitive_resource(noun: &str) -> bool {
    const NOUNS: &[&str] = &[
        "account", "address", "appointment", "bank", "beneficiary", "bill", "booking", "card", "chat",
        "claim", "client", "company", "consent", "contact", "contract", "conversation", "credential",
        "customer", "document", "email", "employee", "guest", "invoice", "loan", "medical", "member",
        "message", "order", "organisation", "organization", "passenger", "patient", "payee", "payment",
        "payout", "people", "person", "prescription", "profile", "purchase", "refund", "reservation",
        "salary", "staff", "statement", "student", "subscriber", "subscription", "tenant", "transaction",
        "transfer", "user", "wallet",
    ];
    words(noun).any(|word| is_any_form_of(word, NOUNS))
}

fn is_any_form_of(word: &str, nouns: &[&str]) -> bool {
    nouns.iter().any(|noun| is_form_of(word, noun))
}

/// Whether `word` is the singular `noun` or its plural.
fn is_form_of(word: &str, noun: &str) -> bool {
    let Some((head, ending)) = word.split_at_checked(noun.len()) else {
        return false;
    };
    if head.eq_ignore_ascii_case(noun) {
        return is_one_of(ending, &["", "s", "es"]);
    }
    let stem = noun.len().saturating_sub(1);
    noun.ends_with('y')
        && word.get(..stem).is_some_and(|head| head.eq_ignore_ascii_case(&noun[..stem]))
        && word.get(stem..).is_some_and(|ending| ending.eq_ignore_ascii_case("ies"))
}

/// Whether a property of this name is one of the implementation and not of what it stores: what mappers and databases
/// add (`__v`, `_id`, `_rev`, `_class`, `rowVersion`), marks of records that count as deleted, notes for the staff, and
/// debugging aids.
///
/// `id`, `version`, `deleted`, `guid` and `rowId` do not count, as they are mostly part of the contract.
pub fn is_internal_field(name: &str) -> bool {
    const EXACT: &[&str] = &["__v", "_id", "_rev", "_class", "_sa_instance_state"];
    const NAMES: &[&str] = &[
        "internalid",
        "isdeleted",
        "softdeleted",
        "issoftdeleted",
        "deletedat",
        "deletedon",
        "deletedby",
        "rowversion",
        "rowguid",
        "dbid",
        "hibernatelazyinitializer",
        "concurrencystamp",
        "internalnote",
        "internalnotes",
        "internalcomment",
        "internalcomments",
        "debug",
        "debuginfo",
        "debugmessage",
        "debugdata",
    ];
    EXACT.contains(&name) || !name.starts_with('_') && NAMES.iter().any(|known| is_spelled(name, known))
}

/// Whether a property of this name says who made or changed a record: `createdBy`, `last_modified_by`.
pub fn is_audit_field(name: &str) -> bool {
    const NAMES: &[&str] = &[
        "createdby", "updatedby", "modifiedby", "changedby", "lastupdatedby", "lastmodifiedby",
        "lastchangedby", "createdbyid", "updatedbyid", "modifiedbyid", "lastmodifiedbyid", "insertedby",
    ];
    NAMES.iter().any(|known| is_spelled(name, known))
}

/// Whether a header, query or cookie parameter of this name carries the caller's credential: `Authorization`,
/// `X-Api-Key`, `access_token`, `password`. Evidence that an API authenticates although it does not say so.
///
/// Tokens of other kinds do not count (pages, continuation, CSRF, idempotency, locks, uploads), nor does the signature
/// of an incoming webhook. Session identifiers do not, because most of them name a session of the application.
pub fn is_credential_parameter(name: &str) -> bool {
    const WHOLE: &[&str] = &[
        "auth", "authentication", "authorisation", "authorization", "jwt", "bearer", "password", "passwd",
        "pwd", "userpassword", "secret", "secretkey", "sig", "signature", "authsignature", "oauthsignature",
        "token", "accesskey", "jsessionid",
    ];
    const ENDINGS: &[&str] = &[
        "accesskeyid", "accesstoken", "accounttoken", "admintoken", "apikey", "apipassword", "apisecret",
        "apitoken", "appkey", "appsecret", "apptoken", "authkey", "authorization", "authsecret", "authtoken",
        "bearertoken", "clientauthentication", "clientsecret", "consumerkey", "consumersecret",
        "developerkey", "devkey", "devtoken", "idtoken", "jwttoken", "oauthtoken", "personaltoken",
        "privatetoken", "refreshtoken", "securitytoken", "servertoken", "servicetoken", "sessionkey",
        "sessiontoken", "subscriptionkey", "systemsecret", "usertoken", "wskey",
    ];
    // Options about a credential (`append_api_key`, `include_token`), and values that are opaque but no secret.
    const OTHERS: &[&str] = &[
        "append", "batch", "captcha", "change", "client", "continuation", "continue", "csrf", "cursor",
        "delta", "device", "disable", "downstream", "enable", "encryption", "has", "hub", "idempotency",
        "include", "invite", "lock", "new", "next", "old", "page", "pagination", "paging", "prev",
        "previous", "push", "recaptcha", "request", "resume", "revoke", "show", "skip", "start", "starting",
        "sync", "upload", "webhook", "xsrf",
    ];
    let bare = name.get(..2).filter(|x| x.eq_ignore_ascii_case("x-")).map_or(name, |_| &name[2..]);
    if ["clientsecret", "clientauthentication"].iter().any(|known| ends_in(bare, &[known])) {
        return true;
    }
    (WHOLE.iter().any(|known| is_spelled(bare, known)) || ends_in(bare, ENDINGS))
        && !words(bare).any_of(OTHERS)
}

/// What a parameter's name says that a URL should not carry; see [`url_credential`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum UrlCredential {
    /// A password, whoever's it is, old or new.
    Password,
    /// A key, secret or token by a name that means nothing else: `api_key`, `client_secret`, `access_token`.
    Key,
    /// A bare `token`. What it stands for is only known from how it is used.
    Token,
}

/// Whether a query or path parameter of this name puts a credential into a URL, and which.
///
/// Identifiers of credentials (`AWSAccessKeyId`, `oauth_consumer_key`) and signatures, which are made for one URL, are
/// no credentials. Nor are passwords that a URL does not reveal (`encryptedPassword`, `password_hint`).
pub fn url_credential(name: &str) -> Option<UrlCredential> {
    const PASSWORDS: &[&str] = &["password", "passwd", "pwd", "passphrase", "userpassword", "userpwd"];
    const SECRETS: &[&str] = &[
        "secret", "secretkey", "secretaccesskey", "privatekey", "tokensecret", "apisecretkey", "jsessionid",
    ];
    const IDENTIFIERS: &[&str] = &[
        "accesskeyid", "consumerkey", "signature", "authentication", "authorisation", "clientauthentication",
    ];
    // Said of a password that is not itself in the parameter, and of other people's words for it.
    const ABOUT: &[&str] = &[
        "encrypted", "hashed", "masked", "first", "last", "digits", "time", "has", "no", "is", "use", "with",
        "require", "required", "requires", "reset", "forgot", "force", "rotate", "manage", "ignore",
        "captcha", "csrf", "xsrf", "webhook", "type", "include", "show",
    ];
    let last = last_word(name)?;
    if words(name).any_of(ABOUT) {
        return None;
    }
    if is_one_of(last, PASSWORDS) {
        return Some(UrlCredential::Password);
    }
    if ends_in(name, SECRETS) {
        return Some(UrlCredential::Key);
    }
    if !is_credential_parameter(name) || ends_in(name, IDENTIFIERS) || is_one_of(name, &["auth", "sig"]) {
        return None;
    }
    let bare = is_one_of(last, &["token"]) && words(name).all(|word| is_one_of(word, &["token", "x"]));
    if bare && name.starts_with('_') {
        // Beside `_limit` and `_sort` it is the token of a page.
        return None;
    }
    Some(if bare { UrlCredential::Token } else { UrlCredential::Key })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_what_a_url_should_not_carry() {
        use UrlCredential::{Key, Password, Token};
        for (name, expected) in [
            ("password", Some(Password)),
            ("newPassword", Some(Password)),
            ("keystore.password", Some(Password)),
            ("user_pwd", Some(Password)),
            ("api_key", Some(Key)),
            ("apikey", Some(Key)),
            ("access_token", Some(Key)),
            ("client_secret", Some(Key)),
            ("secretKey", Some(Key)),
            ("magento_token_secret", Some(Key)),
            ("privateKey", Some(Key)),
            ("jwt", Some(Key)),
            ("token", Some(Token)),
            ("X-Token", Some(Token)),
            ("encryptedPassword", None),
            ("OneTimePassword", None),
            ("last_digits_password", None),
            ("passwordHint", None),
            ("NoPasswordRequired", None),
            ("pageToken", None),
            ("next_token", None),
            ("csrf_token", None),
            ("idempotency_key", None),
            ("ClientToken", None),
            ("AWSAccessKeyId", None),
            ("oauth_consumer_key", None),
            ("oauth_signature", None),
            ("signature", None),
            ("secretId", None),
            ("tokens", None),
            ("_token", None),
            ("key", None),
            ("auth", None),
            ("author", None),
            ("", None),
        ] {
            assert_eq!(url_credential(name), expected, "{name}");
        }
    }

    #[test]
    fn knows_page_limits() {
        for name in [
            "limit",
            "Limit",
            "_limit",
            "$limit",
            "$top",
            "top",
            "pageSize",
            "page_size",
            "PageSize",
            "pagesize",
            "per_page",
            "perPage",
            "per-page",
            "page[size]",
            "page[limit]",
            "filter[limit]",
            "limit[builds]",
            "searchCriteria[pageSize]",
            "queryOptions.pageSize",
            "parameters.take",
            "p.limit",
            "take",
            "max",
            "maxResults",
            "max_results",
            "max-results",
            "maxresults",
            "MaxRecords",
            "MaxItems",
            "max-keys",
            "count",
            "_count",
            "rows",
            "rowCount",
            "size",
            "itemsPerPage",
            "numberOfResults",
            "noOfRecords",
            "list_page_size",
            "numberToRead",
        ] {
            assert!(is_page_limit(name), "{name}");
        }
        for name in [
            "rateLimit", "spendLimit", "limitId", "limitstart", "limitBytes", "cpuCoreLimit", "time_limit",
            "imageTypeLimit", "page", "page[number]", "pageNumber", "offset", "skip", "start", "first",
            "last", "maxWidth", "maxPrice", "max_id", "fontSize", "fileSize", "quantity", "amount", "number",
            "length", "top_level_only", "countsOnly", "watchers_count_min", "filter[size_min]", "",
        ] {
            assert!(!is_page_limit(name), "{name}");
        }
    }

    #[test]
    fn knows_identifiers_of_resources() {
        let cases = [
            ("id", "users"),
            ("id", ""),
            ("ID", "accounts"),
            ("userId", "users"),
            ("userID", "users"),
            ("user_id", ""),
            ("user-ids", "users"),
            ("Id", "Contacts"),
            ("pk", "documents"),
            ("monetary-accountID", "monetary-account"),
            ("id_connection", "connections"),
            ("orgid", "orgs"),
            ("taskid", "tasks"),
            ("bounceid", "bounces"),
            ("accountid", ""),
            ("companyids", "companies"),
            ("strategyid", "strategies"),
            ("accountNumber", "x"),
            ("order_no", "orders"),
            ("tagId", "tags"),
        ];
        for (name, segment) in cases {
            assert!(is_resource_id(name, Some(segment)), "{name} after {segment}");
        }
        let cases = [
            ("valid", "valid"),
            ("grid", "grids"),
            ("paid", "paid"),
            ("uuid", "users"),
            ("guid", "users"),
            ("void", "x"),
            ("android", "apps"),
            ("typeId", "types"),
            ("category_id", "categories"),
            ("id", "categories"),
            ("id", "AccountTypes"),
            ("id", "Countries"),
            ("id", "statuses"),
            ("region_id", "regions"),
            ("VersionId", "versions"),
            ("countryid", "countries"),
            ("year", "years"),
            ("index", "x"),
            ("page", "x"),
            ("segment", "x"),
            ("lat", "x"),
            ("lon", "x"),
            ("zoom", "x"),
            ("lineNumber", "lines"),
            ("issue_number", "issues"),
            ("number", "x"),
            ("key", "x"),
            ("organizerKey", "organizers"),
            ("speciesTypeKey", "x"),
            ("id_account_type", "x"),
            ("idx", "x"),
            ("id", "locales"),
            ("", ""),
        ];
        for (name, segment) in cases {
            assert!(!is_resource_id(name, Some(segment)), "{name} after {segment}");
        }
        assert!(is_resource_id("id", None));
    }

    #[test]
    fn knows_sensitive_resources() {
        for noun in [
            "users", "user", "userId", "customer_orders", "Invoices", "companies", "PATIENT", "bank-accounts",
        ] {
            assert!(is_sensitive_resource(noun), "{noun}");
        }
        for noun in ["tags", "userful", "ordering", "cardinals", "weather", "", "compan"] {
            assert!(!is_sensitive_resource(noun), "{noun}");
        }
    }

    #[test]
    fn knows_internal_fields() {
        for name in [
            "__v", "_id", "internalId", "internal_id", "isDeleted", "IsDeleted", "deleted_at", "rowVersion",
            "debug",
        ] {
            assert!(is_internal_field(name), "{name}");
        }
        for name in [
            "id", "v", "_links", "_type", "version", "deleted", "guid", "internal", "debugger", "rev",
            "class", "",
        ] {
            assert!(!is_internal_field(name), "{name}");
        }
        for name in ["createdBy", "created_by", "LastModifiedBy", "updatedById"] {
            assert!(is_audit_field(name) && !is_internal_field(name), "{name}");
        }
        for name in ["createdAt", "by", "creator", "ownedBy", ""] {
            assert!(!is_audit_field(name), "{name}");
        }
    }

    #[test]
    fn knows_credentials() {
        for name in [
            "Authorization",
            "authorization",
            "x-tyk-authorization",
            "X-Api-Key",
            "api_key",
            "apikey",
            "api-key",
            "X-RapidAPI-Key",
            "xi-api-key",
            "ev-access-token",
            "access_token",
            "oauth_token",
            "oauth_consumer_key",
            "token",
            "Token",
            "_token",
            "X-Token",
            "X-Auth-Token",
            "authtoken",
            "x-auth-key",
            "x-auth-secret",
            "client_secret",
            "secret",
            "password",
            "_password",
            "jwt",
            "Ocp-Apim-Subscription-Key",
            "App-Key",
            "ClearBlade-UserToken",
            "WM_SEC.ACCESS_TOKEN",
            "X-VTEX-API-AppKey",
            "X-Postmark-Server-Token",
            "AWSAccessKeyId",
            "accessKey",
            "signature",
            "X-Amz-Security-Token",
            "X-Bunq-Client-Authentication",
        ] {
            assert!(is_credential_parameter(name), "{name}");
        }
        for name in [
            "pageToken",
            "page_token",
            "nextToken",
            "next-token",
            "continuationToken",
            "X-CSRF-Token",
            "ClientToken",
            "clientToken",
            "ClientRequestToken",
            "X-Amzn-Client-Token",
            "Idempotency-Key",
            "lock_token",
            "lockToken",
            "X-Hub-Signature",
            "applicationKey",
            "session-id",
            "sessionId",
            "playSessionId",
            "syncToken",
            "key",
            "keyId",
            "projectKey",
            "keyword",
            "tokens",
            "username",
            "author",
            "newPassword",
            "oldPassword",
            "append_api_key",
            "include_token",
            "oauth_nonce",
            "oauth_version",
            "x-fapi-auth-date",
            "userKey",
            "X-Authentication-Provider",
            "uploadToken",
            "SignatureMethod",
            "certificate",
            "authority",
            "",
        ] {
            assert!(!is_credential_parameter(name), "{name}");
        }
    }
}
