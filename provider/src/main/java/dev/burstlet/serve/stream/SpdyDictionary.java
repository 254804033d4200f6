package dev.burstlet.serve.stream;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.Adler32;

/** The dictionary that SPDY/3 header blocks are compressed with (SPDY draft 3, 2.6.10.1). */
final class SpdyDictionary {
    private static final String[] WORDS = {
        "options",
        "head",
        "post",
        "put",
        "delete",
        "trace",
        "accept",
        "accept-charset",
        "accept-encoding",
        "accept-language",
        "accept-ranges",
        "age",
        "allow",
        "authorization",
        "cache-control",
        "connection",
        "content-base",
        "content-encoding",
        "content-language",
        "content-length",
        "content-location",
        "content-md5",
        "content-range",
        "content-type",
        "date",
        "etag",
        "expect",
        "expires",
        "from",
        "host",
        "if-match",
        "if-modified-since",
        "if-none-match",
        "if-range",
        "if-unmodified-since",
        "last-modified",
        "location",
        "max-forwards",
        "pragma",
        "proxy-authenticate",
        "proxy-authorization",
        "range",
        "referer",
        "retry-after",
        "server",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "user-agent",
        "vary",
        "via",
        "warning",
        "www-authenticate",
        "method",
        "get",
        "status",
        "200 OK",
        "version",
        "HTTP/1.1",
        "url",
        "public",
        "set-cookie",
        "keep-alive",
        "origin"
    };
    private static final String TAIL =
            "100101201202205206300302303304305306307402405406407408409410411412413414415416417"
                    + "502504505203 Non-Authoritative Information204 No Content301 Moved Permanently"
                    + "400 Bad Request401 Unauthorized403 Forbidden404 Not Found500 Internal Server"
                    + " Error501 Not Implemented503 Service UnavailableJan Feb Mar Apr May Jun Jul"
                    + " Aug Sept Oct Nov Dec 00:00:00 Mon, Tue, Wed, Thu, Fri, Sat, Sun, GMTchunked,"
                    + "text/html,image/png,image/jpg,image/gif,application/xml,application/xhtml+xml,"
                    + "text/plain,text/javascript,publicprivatemax-age=gzip,deflate,sdchcharset=utf-8"
                    + "charset=iso-8859-1,utf-,*,enq=0.";

    static final byte[] BYTES = bytes();
    static final int CHECKSUM = checksum();

    private SpdyDictionary() {}

    private static byte[] bytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (String word : WORDS) {
            byte[] ascii = word.getBytes(StandardCharsets.US_ASCII);
            out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(ascii.length).array());
            out.writeBytes(ascii);
        }
        out.writeBytes(TAIL.getBytes(StandardCharsets.US_ASCII));
        return out.toByteArray();
    }

    private static int checksum() {
        Adler32 adler = new Adler32();
        adler.update(BYTES);
        return (int) adler.getValue();
    }
}
