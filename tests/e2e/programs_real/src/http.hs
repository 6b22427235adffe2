{-# LANGUAGE OverloadedStrings #-}
-- A light thread a connection, on the threaded runtime.
import Control.Concurrent (forkIO)
import Control.Exception (SomeException, finally, try)
import Control.Monad (forever, unless, void)
import qualified Data.ByteString.Char8 as B
import Network.Socket
import Network.Socket.ByteString (recv, sendAll)
import System.Exit (ExitCode (ExitFailure))
import System.IO (hFlush, stdout)
import System.Posix.Process (exitImmediately)

serve :: Socket -> IO ()
serve c = do
  m <- recv c 4096
  unless (B.null m) $ do
    if "GET /exit" `B.isPrefixOf` m then exitImmediately (ExitFailure 7) else pure ()
    body <- if "GET /file" `B.isPrefixOf` m
      then either (\e -> B.pack (show (e :: SomeException))) B.pack <$> try (readFile "/none")
      else pure (B.pack ("haskell " ++ show (sum [1 .. 100000 :: Int])))
    sendAll c (B.concat ["HTTP/1.1 200 OK\r\nContent-Length: ", B.pack (show (B.length body + 1)), "\r\n\r\n", body, "\n"])
    serve c

main :: IO ()
main = do
  s <- socket AF_INET Stream defaultProtocol
  setSocketOption s ReuseAddr 1
  bind s (SockAddrInet 80 0)
  listen s 256
  putStrLn "listening" >> hFlush stdout
  forever $ do
    (c, _) <- accept s
    void (forkIO (void (try (serve c) :: IO (Either SomeException ())) `finally` close c))
